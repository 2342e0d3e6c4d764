import { posix } from 'node:path';
import type { SourceTree } from '../syntax/index.ts';
import { fileKind } from './file-kind.ts';

/** As deep as the engine follows calls. */
const DEPTH = 6;
/** Below this many files of code it costs nothing to look at all of them. */
const FEW = 30;
/** A change to what everything imports would have everything analysed twice: its importers are followed up to here. */
const MOST_REPORTED = 400;
/** An import statement, as far as it takes to name a module; a longer line is looked at up to here. */
const MOST_LINE = 2_000;

/** What the engine has to look at for a change. */
export interface AffectedFiles {
  /** Whose findings the change can alter: the changed files and, as deep as calls are followed, those that import them. */
  readonly report: ReadonlySet<string>;
  /** What has to be read for that: those and, as deep, what they import. */
  readonly read: ReadonlySet<string>;
}

/**
 * By what files say they import, on both sides of the change; a name that could mean several files means all of them.
 * Of what very many files import only the nearest importers are looked at; the changed files always are. `undefined`:
 * everything.
 */
export function affectedFiles(changed: ReadonlySet<string>, trees: readonly SourceTree[]): AffectedFiles | undefined {
  const paths = new Set(trees.flatMap(codeIn));
  if (paths.size <= FEW) return undefined;
  const names = new Map<string, string[]>();
  for (const path of paths) for (const name of namesOf(path)) names.set(name, [...(names.get(name) ?? []), path]);
  const imports = new Map<string, Set<string>>();
  const importers = new Map<string, Set<string>>();
  for (const tree of trees) {
    for (const path of codeIn(tree)) {
      for (const target of importedBy(path, tree).flatMap((name) => names.get(name) ?? [])) {
        link(imports, path, target);
        link(importers, target, path);
      }
    }
  }
  const report = reach(changed, importers, MOST_REPORTED);
  return { report, read: reach(report, imports, paths.size) };
}

/** The tree with this code only; what is no code stays. */
export function withFiles(tree: SourceTree, read: ReadonlySet<string>): SourceTree {
  return {
    ...tree,
    entries: tree.entries.filter(({ path }) => read.has(path) || fileKind(path) !== 'analysed-code'),
    read: (path) => tree.read(path),
  };
}

function codeIn(tree: SourceTree): readonly string[] {
  return tree.entries.flatMap(({ kind, path }) =>
    kind === 'file' && fileKind(path) === 'analysed-code' ? [path] : [],
  );
}

function link(graph: Map<string, Set<string>>, from: string, to: string): void {
  const known = graph.get(from);
  if (known) known.add(to);
  else graph.set(from, new Set([to]));
}

/** Level by level; the first is always taken, a further one only while there are no more than `most`. */
function reach(
  start: ReadonlySet<string>,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  most: number,
): ReadonlySet<string> {
  const reached = new Set(start);
  let edge: readonly string[] = [...start];
  for (let depth = 0; depth < DEPTH && edge.length > 0; depth++) {
    const next = new Set(edge.flatMap((path) => [...(graph.get(path) ?? [])]).filter((path) => !reached.has(path)));
    if (depth > 0 && reached.size + next.size > most) break;
    for (const path of next) reached.add(path);
    edge = [...next];
  }
  return reached;
}

/** The names by which a file can be imported: its path without ending, and its own name alone. */
function namesOf(path: string): readonly string[] {
  const directory = posix.dirname(path);
  if (path.endsWith('.go')) return [`go ${directory}`, `go ... ${posix.basename(directory)}`];
  const bare = withoutEnding(path);
  return [`/${bare}`, posix.basename(bare)];
}

/** A folder stands for its `index` or `__init__`. */
function withoutEnding(path: string): string {
  return path.replace(/\.(?:d\.)?[cm]?[jt]sx?$|\.pyi?$|\.java$/, '').replace(/\/(?:index|__init__)$/, '');
}

/** What a file says it uses: a path where it is relative, else the last part of a name. */
function importedBy(path: string, tree: SourceTree): readonly string[] {
  const file = tree.read(path);
  if (!file || !('text' in file)) return [];
  if (path.endsWith('.go')) return goNames(file.text, path);
  if (path.endsWith('.java')) return javaNames(file.text);
  const lines = file.text.split('\n').filter((line) => /\b(?:import|require|from)\b/.test(line.slice(0, MOST_LINE)));
  const named = lines.map((line) => line.slice(0, MOST_LINE));
  return /\.pyi?$/.test(path) ? named.flatMap(pythonNames) : named.flatMap((line) => scriptNames(line, path));
}

/** The packages that it imports, and its own, whose files need no import. */
function goNames(text: string, path: string): readonly string[] {
  const imported = [
    ...text.matchAll(/^[ \t]*(?:import[ \t]+)?(?:[\w.]{1,80}[ \t]+)?"([^"\s]{1,300})"[ \t]*(?:\/\/.*)?$/gm),
  ];
  const packages = imported.map(([, name = '']) => `go ... ${posix.basename(name.replace(/\/v\d{1,4}$/, ''))}`);
  return [`go ${posix.dirname(path)}`, ...packages];
}

/** Every class that it names: those of the same package are used without an import. */
function javaNames(text: string): readonly string[] {
  return [...new Set(text.match(/\b[A-Z]\w{0,100}\b/g) ?? [])];
}

function pythonNames(line: string): readonly string[] {
  return line.split(/[^\w.]+/).map((word) => word.split('.').at(-1) ?? '');
}

function scriptNames(line: string, path: string): readonly string[] {
  return [...line.matchAll(/["'`]([^"'`\s]+)["'`]/g)].map(([, name = '']) =>
    name.startsWith('.')
      ? withoutEnding(`/${posix.normalize(posix.join(posix.dirname(path), name))}`)
      : posix.basename(withoutEnding(name)),
  );
}
