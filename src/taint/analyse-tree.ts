import { createHash } from 'node:crypto';
import type { CodeLanguage, GrammarName, Grammars, Module } from '../code/index.ts';
import { lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../code/index.ts';
import type { Gap, SourceFile, SourceTree, TreeEntry } from '../syntax/index.ts';
import { analyse } from './engine/analyse.ts';
import { isWrittenByMachine } from './engine/machine-text.ts';
import type { EngineRequest, EngineResult } from './engine-types.ts';
import { LateModule } from './late-module.ts';
import { analyseRecipes, isProgram } from './recipes/index.ts';

/** Keeps lowered files by the hash of their content and path, so that a second run reads only what changed. */
export interface ModuleCache {
  get(key: string): Module | undefined;
  set(key: string, module: Module): void;
}

/** Turns one file into the common form. */
export type FrontEnd = (file: SourceFile, grammars: Grammars) => Module;

interface FrontEndRow {
  readonly endings: RegExp;
  readonly language: CodeLanguage;
  readonly lower: FrontEnd;
  readonly grammars: readonly GrammarName[];
  /** Files find each other by what stands in them, so that all must be read; elsewhere an import names a path. */
  readonly byContent?: true;
  /** The programs that a first line (`#!`) names. */
  readonly interpreters?: RegExp;
}

/** Which front end reads a file, by the ending of its name, and the grammars that it needs for it. */
const FRONT_ENDS: readonly FrontEndRow[] = [
  {
    endings: /\.pyi?$/,
    language: 'python',
    lower: lowerPython,
    grammars: ['python'],
    interpreters: /^(?:python|pypy)[\d.]*$/,
  },
  { endings: /\.[cm]?ts$/, language: 'typescript', lower: lowerJavaScript, grammars: ['typescript'] },
  { endings: /\.go$/, language: 'go', lower: lowerGo, grammars: ['go'], byContent: true },
  { endings: /\.java$/, language: 'java', lower: lowerJava, grammars: ['java'], byContent: true },
  { endings: /\.tsx$/, language: 'typescript', lower: lowerJavaScript, grammars: ['tsx'] },
  {
    endings: /\.(?:vue|svelte)$/i,
    language: 'javascript',
    lower: lowerJavaScript,
    grammars: ['javascript', 'typescript', 'tsx'],
  },
  // Scripts with Flow's types are read by the grammar that knows types.
  {
    endings: /\.(?:[cm]?jsx?|es6)$/,
    language: 'javascript',
    lower: lowerJavaScript,
    grammars: ['javascript', 'tsx'],
    interpreters: /^(?:node|nodejs|bun)$/,
  },
];

/** What runs a program, from its first line: the last word of the path, or what `env` is asked for. */
const FIRST_LINE = /^\uFEFF?#!\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+|\w+=\S*\s+){0,4})?(?:\S*\/)?([\w.+-]+)/;

/** The front end of a program without an ending, by its first line; `undefined` for any other file. */
function frontEndOfProgram(entry: TreeEntry, tree: Pick<SourceTree, 'read'>): FrontEndRow | undefined {
  if (!isProgram(entry)) return undefined;
  const file = tree.read(entry.path);
  const name = file && 'text' in file ? FIRST_LINE.exec(file.text.slice(0, LONGEST_FIRST_LINE))?.[1] : undefined;
  return name === undefined ? undefined : FRONT_ENDS.find(({ interpreters }) => interpreters?.test(name));
}

/** Systems cut the first line of a program off at 127 or 255 characters. */
const LONGEST_FIRST_LINE = 300;

function frontEndOf(entry: TreeEntry, tree: Pick<SourceTree, 'read'>): FrontEndRow | undefined {
  return FRONT_ENDS.find(({ endings }) => endings.test(entry.path)) ?? frontEndOfProgram(entry, tree);
}

/** Whether a front end reads what stands at an entry. */
export function isAnalysable({ kind, path }: TreeEntry): boolean {
  return kind === 'file' && FRONT_ENDS.some(({ endings }) => endings.test(path));
}

/** What says how the files of a tree are imported: names of its own packages. */
export function isManifest({ kind, path }: TreeEntry): boolean {
  return kind === 'file' && /(?:^|\/)(?:package\.json|tsconfig\.json|go\.mod)$/.test(path);
}

/** The grammars that the front ends need for these trees; each is a megabyte to compile. */
export function grammarsFor(trees: readonly Pick<SourceTree, 'entries' | 'read'>[]): readonly GrammarName[] {
  const needed = new Set(trees.flatMap((tree) => tree.entries.map((entry) => frontEndOf(entry, tree))));
  return [...new Set([...needed].flatMap((row) => row?.grammars ?? []))];
}

/** Version of the common form: raised when a front end gives something else for the same file. */
const FORM_VERSION = '2';

/** Files larger than this are data. */
const LARGEST_FILE = 2_000_000;

/** Bundles larger than this meet the limits of the analysis after seconds of reading. */
const LARGEST_BUNDLE = 500_000;

/**
 * Analyse every source file of the tree, all together; recipes each by itself. What cannot be read is a gap. A file that
 * is not reported on is lowered when it is first used.
 * @param cache filled as it goes; give none and everything is read.
 */
export async function analyseTree(
  request: EngineRequest,
  grammars: Grammars,
  cache?: ModuleCache,
): Promise<EngineResult> {
  const gaps: Gap[] = [];
  const modules: Module[] = [];
  const reading = new ReadingTime(request.clock);
  const read = (file: SourceFile, lower: FrontEnd): Module =>
    reading.spend(() => (cache ? lowerOnce(file, lower, grammars, cache) : lower(file, grammars)));
  for (const entry of request.tree.entries) {
    const frontEnd = frontEndOf(entry, request.tree);
    if (entry.kind !== 'file' || !frontEnd) continue;
    const file = readSource(entry.path, entry.size, request.tree);
    if (file && 'kind' in file) gaps.push(file);
    else if (file) modules.push(moduleOf(file, frontEnd, read));
  }
  const result = analyse({ ...request, clock: reading.clockWithout }, modules);
  const recipes = request.readers && analyseRecipes(request.tree, request.only, request.readers);
  return {
    ...result,
    findings: [...result.findings, ...(recipes?.findings ?? [])],
    gaps: [...gaps, ...result.gaps, ...(recipes?.gaps ?? [])],
    filesRead: result.filesRead + (recipes?.analysed.size ?? 0),
    analysed: new Set([...modules.map(({ file }) => file.path), ...(recipes?.analysed ?? [])]),
  };
}

/** How long files were lowered: what a file imports must not use up its own time. */
class ReadingTime {
  readonly #clock: () => bigint;
  #spent = 0n;

  constructor(clock: () => bigint) {
    this.#clock = clock;
  }

  /** Does work whose time does not count. */
  spend<T>(work: () => T): T {
    const start = this.#clock();
    const result = work();
    this.#spent += this.#clock() - start;
    return result;
  }

  readonly clockWithout = (): bigint => this.#clock() - this.#spent;
}

function readSource(path: string, size: number, tree: SourceTree): SourceFile | Gap | undefined {
  const place = { file: path, span: { start: 0, end: 0 } };
  if (size > LARGEST_FILE) return { kind: 'cap', message: `not analysed: larger than ${LARGEST_FILE} bytes`, place };
  const file = tree.read(path);
  if (size <= LARGEST_BUNDLE || !file || 'kind' in file || !isWrittenByMachine(file.text)) return file;
  return { kind: 'cap', message: `not analysed: a bundle larger than ${LARGEST_BUNDLE} bytes`, place };
}

function moduleOf(file: SourceFile, row: FrontEndRow, read: (file: SourceFile, lower: FrontEnd) => Module): Module {
  const lower = (): Module => read(file, row.lower);
  return row.byContent ? lower() : new LateModule(file, row.language, lower);
}

function lowerOnce(file: SourceFile, lower: FrontEnd, grammars: Grammars, cache: ModuleCache): Module {
  const key = createHash('sha256').update(`${FORM_VERSION}\0${file.path}\0${file.text}`).digest('hex');
  const known = cache.get(key);
  if (known) return known;
  const module = lower(file, grammars);
  cache.set(key, module);
  return module;
}
