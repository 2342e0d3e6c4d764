import { posix } from 'node:path';
import type { SourceTree } from '../syntax/index.ts';
import { packageEntries } from '../taint/index.ts';
import { fileKind } from './file-kind.ts';

/** As deep as the engine follows calls. */
const DEPTH = 6;
/** Below this many files of code it costs nothing to look at all of them. */
const FEW = 30;
/** A change to what everything imports would have everything analysed twice; a person waits for the answer. */
const MOST_IMPORTING_BYTES = 128 * 1024;
/** An import statement, as far as it takes to name a module; a longer line is looked at up to here. */
const MOST_LINE = 2_000;

/** What the engine has to look at for a change. */
export interface AffectedFiles {
  /** Whose findings the change can alter: the changed files and, as deep as calls are followed, those that import them. */
  readonly report: ReadonlySet<string>;
  /** How many further files import those: too many to look at. */
  readonly unreached: number;
  /** What has to be read for that: those and, as deep, what they import. */
  readonly read: ReadonlySet<string>;
}

/**
 * By what files say they import, on both sides of the change; a name that could mean several files means all of them.
 * Of very many importers only the nearest are looked at; the changed files always are. `undefined`: everything.
 */
export function affectedFiles(changed: ReadonlySet<string>, trees: readonly SourceTree[]): AffectedFiles | undefined {
  const paths = new Set(trees.flatMap(codeIn));
  if (paths.size <= FEW) return undefined;
  const names = new Map<string, string[]>();
  for (const path of paths) for (const name of namesOf(path)) names.set(name, [...(names.get(name) ?? []), path]);
  for (const tree of trees) for (const [name, path] of ownPackages(tree, names)) names.set(name, [path]);
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
  const importing = nearestFirst(reach(changed, importers), changed);
  const near = within(importing, sizesIn(trees));
  const report = new Set([...changed, ...near]);
  const read = new Set([...report, ...reach(report, imports).flat()]);
  return { report, unreached: importing.length - near.length, read };
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

/** What is reached from the start, without it, level by level. */
function reach(
  start: ReadonlySet<string>,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly string[])[] {
  const reached = new Set(start);
  const levels: (readonly string[])[] = [];
  let edge: readonly string[] = [...start];
  for (let depth = 0; depth < DEPTH && edge.length > 0; depth++) {
    edge = [...new Set(edge.flatMap((path) => [...(graph.get(path) ?? [])]))].filter((path) => !reached.has(path));
    for (const path of edge) reached.add(path);
    levels.push(edge);
  }
  return levels;
}

/** On each level those beside a changed file first: they share most with it. */
function nearestFirst(levels: readonly (readonly string[])[], changed: ReadonlySet<string>): readonly string[] {
  const folders = new Set([...changed].map((path) => posix.dirname(path)));
  return levels.flatMap((level) => {
    const sorted = [...level].sort();
    const isBeside = (path: string): boolean => folders.has(posix.dirname(path));
    return [...sorted.filter(isBeside), ...sorted.filter((path) => !isBeside(path))];
  });
}

/** As many as the engine has time for: that goes with the length of their text. */
function within(paths: readonly string[], sizes: ReadonlyMap<string, number>): readonly string[] {
  let bytes = 0;
  const near: string[] = [];
  for (const path of paths) {
    bytes += sizes.get(path) ?? 0;
    if (bytes > MOST_IMPORTING_BYTES) break;
    near.push(path);
  }
  return near;
}

/** The same on both sides, that the same files are compared. */
function sizesIn(trees: readonly SourceTree[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { entries } of trees) {
    for (const entry of entries) {
      if (entry.kind === 'file') sizes.set(entry.path, Math.max(entry.size, sizes.get(entry.path) ?? 0));
    }
  }
  return sizes;
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

/** The file that a package of the tree is, by the last part of its name: `@acme/core` is imported as a whole. */
function ownPackages(tree: SourceTree, names: ReadonlyMap<string, readonly string[]>): readonly [string, string][] {
  return [...packageEntries(tree)].flatMap(([name, entries]): [string, string][] => {
    const [file] = entries.flatMap((entry) => names.get(`/${withoutEnding(entry)}`) ?? []);
    return file === undefined ? [] : [[posix.basename(name), file]];
  });
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
