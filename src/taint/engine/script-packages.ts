import { parse } from 'jsonc-parser';
import type { SourceTree } from '../../syntax/index.ts';
import { directoryOf, joinPath } from './module-table.ts';

/** Manifests that are read; a tree with more has the rest as libraries. */
const MOST_MANIFESTS = 300;

/** A prefix of import names and where what follows lies: `@acme/core`, `@app/*`. */
interface Root {
  readonly name: string;
  /** The name stands for the first of these that is there. */
  readonly entries: readonly string[];
  /** What follows the name is below one of these. */
  readonly directories: readonly string[];
}

/** What names without a dot in front mean in this tree: its own packages, and the paths of its TypeScript projects. */
export function readScriptRoots(tree: SourceTree): readonly Root[] {
  const manifests = tree.entries.filter(
    ({ kind, path }) =>
      kind === 'file' && /(?:^|\/)(?:package|tsconfig)\.json$/.test(path) && !path.includes('node_modules/'),
  );
  return manifests.slice(0, MOST_MANIFESTS).flatMap(({ path }) => {
    const file = tree.read(path);
    if (!file || !('text' in file) || isTooDeep(file.text)) return [];
    const content = fieldsOf(parse(file.text));
    const directory = directoryOf(path);
    return path.endsWith('package.json') ? packageRoot(content, directory) : projectRoots(content, directory);
  });
}

/** Brackets that are open at once in an honest manifest; the parser takes a frame for each. */
const DEEPEST_MANIFEST = 100;

function isTooDeep(text: string): boolean {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '{' || character === '[') open++;
    else if (character === '}' || character === ']') open--;
    if (open > DEEPEST_MANIFEST) return true;
  }
  return false;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** `name` with `exports`, `main` or the index (Node.js, Packages). */
function packageRoot(content: Fields, directory: string): readonly Root[] {
  const { name, main, exports } = content;
  if (typeof name !== 'string' || name === '') return [];
  const entry = exportOf(exports) ?? (typeof main === 'string' ? main : undefined) ?? '.';
  const entries = [entry, ...sourcesOf(entry)].map((path) => below(directory, path));
  return [{ name, entries, directories: [directory, joinPath(directory, 'src')] }];
}

/** What a build writes is in no repository; what it is written from lies in `src` under the same name. */
function sourcesOf(entry: string): readonly string[] {
  const [, inside] = /^(?:\.\/)?(?:dist|lib|build|out|esm|cjs)\/(.{1,300})$/.exec(entry) ?? [];
  const bare = inside?.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '').replace(/^(?:src|esm|cjs|lib)\//, '');
  return bare === undefined ? ['src/index'] : [`src/${bare}`, bare, 'src/index'];
}

/** The names of the tree's own packages, each with the paths, perhaps without an ending, that it may stand for. */
export function packageEntries(tree: SourceTree): ReadonlyMap<string, readonly string[]> {
  return new Map(readScriptRoots(tree).flatMap(({ name, entries }) => (entries.length > 0 ? [[name, entries]] : [])));
}

/** The file behind `exports`: itself, that of `.`, or of the first condition that is a text. */
function exportOf(exports: unknown, depth = 0): string | undefined {
  if (typeof exports === 'string') return exports;
  if (depth > 3) return undefined;
  const fields = fieldsOf(exports);
  for (const key of ['.', 'import', 'require', 'node', 'default']) {
    const found = fields[key] === undefined ? undefined : exportOf(fields[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `compilerOptions.paths` with one `*` at the end, or none. */
function projectRoots(content: Fields, directory: string): readonly Root[] {
  const { baseUrl, paths } = fieldsOf(content['compilerOptions']);
  const base = below(directory, typeof baseUrl === 'string' ? baseUrl : '.');
  return Object.entries(fieldsOf(paths)).flatMap(([pattern, targets]): Root[] => {
    const texts = Array.isArray(targets) ? targets.filter((target) => typeof target === 'string') : [];
    const [first] = texts;
    if (first === undefined) return [];
    if (!pattern.endsWith('/*')) return [{ name: pattern, entries: [below(base, first)], directories: [] }];
    const directories = texts.map((target) => below(base, target.replace(/\/?\*$/, '')));
    return [{ name: pattern.slice(0, -2), entries: [], directories }];
  });
}

function below(directory: string, path: string): string {
  return joinPath(directory, path.replace(/^(?:\.\/)+|^\.$/, '').replace(/\/+$/, ''));
}

/** Paths, perhaps without an ending, that an import name may mean, the longest name first. */
export function pathsOf(name: string, roots: readonly Root[]): readonly string[] {
  const fitting = roots.filter((root) => name === root.name || name.startsWith(`${root.name}/`));
  return fitting
    .toSorted((one, other) => other.name.length - one.name.length)
    .flatMap((root) => {
      if (name === root.name) return root.entries;
      const rest = name.slice(root.name.length + 1);
      return root.directories.map((directory) => joinPath(directory, rest));
    });
}
