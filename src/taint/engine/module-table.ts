import type { Module } from '../../code/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { Packages } from './packages.ts';
import { pathsOf, readScriptRoots } from './script-packages.ts';

const ENDINGS: Readonly<Record<'python' | 'script', readonly string[]>> = {
  python: ['.py', '/__init__.py', '.pyi'],
  script: [
    '',
    '.ts',
    '.tsx',
    '.js',
    '.jsx',
    '.mjs',
    '.cjs',
    '.mts',
    '.cts',
    '.es6',
    '/index.ts',
    '/index.tsx',
    '/index.js',
    '/index.mjs',
    '/index.cjs',
  ],
};

/** Directories below which imports are written as if they were the root. */
const SOURCE_ROOTS = ['', 'src', 'lib', 'app'];

/** The files of a tree by path, and what an import in one of them means. */
export class ModuleTable {
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #directories = new Set<string>();
  /** Of Go and Java. */
  readonly packages: Packages;

  readonly #roots: ReturnType<typeof readScriptRoots>;

  constructor(modules: readonly Module[], tree: SourceTree) {
    this.#roots = readScriptRoots(tree);
    this.packages = new Packages(modules, tree);
    this.#modules = new Map(modules.map((module) => [module.file.path, module]));
    for (const path of this.#modules.keys())
      for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
        this.#directories.add(path.slice(0, cut));
  }

  get(path: string): Module | undefined {
    return this.#modules.get(path);
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  /** The path, without an ending, that a Python import means; `undefined`: a library. */
  findPython(name: string, from: string): string | undefined {
    const dots = name.length - name.replace(/^\.+/, '').length;
    const rest = name.slice(dots).split('.').filter(Boolean).join('/');
    if (dots > 0) {
      let base = directoryOf(from);
      for (let up = 1; up < dots; up++) base = directoryOf(base);
      return joinPath(base, rest);
    }
    const bases = [...SOURCE_ROOTS];
    for (let base = directoryOf(from); base !== ''; base = directoryOf(base)) bases.push(base);
    const paths = bases.map((base) => joinPath(base, rest));
    const file = paths.find((path) => this.pythonFile(path));
    if (file !== undefined) return file;
    // A folder is a package only where Python looks for one: `examples/flask/` does not stand for the library.
    const near = [...SOURCE_ROOTS, directoryOf(from)].map((base) => joinPath(base, rest));
    return near.find((path) => this.isDirectory(path));
  }

  /** The module at a path without ending. */
  pythonFile(path: string): Module | undefined {
    return this.#first(path, ENDINGS.python);
  }

  /** The file that an import of JavaScript or TypeScript means; `undefined`: a library. */
  findScript(name: string, from: string): Module | undefined {
    for (const path of pathsOf(name, this.#roots)) {
      const found = this.#first(path, ENDINGS.script) ?? this.#first(path.replace(/\.[cm]?jsx?$/, ''), ENDINGS.script);
      if (found) return found;
    }
    if (name.startsWith('@/') || name.startsWith('~/')) return this.#firstBelow(name.slice(2));
    if (!name.startsWith('.') && !name.startsWith('/')) return undefined;
    const path = normalise(joinPath(name.startsWith('/') ? '' : directoryOf(from), name.replace(/^\/+/, '')));
    // TypeScript names the file that will be: `./a.js` for `a.ts`.
    return this.#first(path, ENDINGS.script) ?? this.#first(path.replace(/\.[cm]?jsx?$/, ''), ENDINGS.script);
  }

  #firstBelow(rest: string): Module | undefined {
    for (const base of SOURCE_ROOTS) {
      const found = this.#first(joinPath(base, rest), ENDINGS.script);
      if (found) return found;
    }
    return undefined;
  }

  #first(path: string, endings: readonly string[]): Module | undefined {
    for (const ending of endings) {
      const module = this.#modules.get(path + ending);
      if (module) return module;
    }
    return undefined;
  }
}

export function directoryOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

export function joinPath(base: string, rest: string): string {
  if (base === '') return rest;
  return rest === '' ? base : `${base}/${rest}`;
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The dotted name of a file: `helpers/utils.py` is `helpers.utils`. */
export function moduleName(path: string): string {
  return path
    .replace(/\.(?:pyi?|[cm]?[jt]sx?|go|java)$/, '')
    .replace(/\/(?:__init__|index)$/, '')
    .replaceAll('/', '.');
}
