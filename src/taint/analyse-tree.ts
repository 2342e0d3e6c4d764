import { createHash } from 'node:crypto';
import type { GrammarName, Grammars, Module } from '../code/index.ts';
import { lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../code/index.ts';
import type { Gap, SourceFile, TreeEntry } from '../syntax/index.ts';
import { analyse } from './engine/analyse.ts';
import type { EngineRequest, EngineResult } from './engine-types.ts';
import { analyseRecipes } from './recipes/index.ts';

/** Keeps lowered files by the hash of their content and path, so that a second run reads only what changed. */
export interface ModuleCache {
  get(key: string): Module | undefined;
  set(key: string, module: Module): void;
}

/** Turns one file into the common form. */
export type FrontEnd = (file: SourceFile, grammars: Grammars) => Module;

/** Which front end reads a file, by the ending of its name, and the grammars that it needs for it. */
const FRONT_ENDS: readonly {
  readonly endings: RegExp;
  readonly lower: FrontEnd;
  readonly grammars: readonly GrammarName[];
}[] = [
  { endings: /\.pyi?$/, lower: lowerPython, grammars: ['python'] },
  { endings: /\.[cm]?ts$/, lower: lowerJavaScript, grammars: ['typescript'] },
  { endings: /\.go$/, lower: lowerGo, grammars: ['go'] },
  { endings: /\.java$/, lower: lowerJava, grammars: ['java'] },
  { endings: /\.tsx$/, lower: lowerJavaScript, grammars: ['tsx'] },
  // Scripts with Flow's types are read by the grammar that knows types.
  { endings: /\.[cm]?jsx?$/, lower: lowerJavaScript, grammars: ['javascript', 'tsx'] },
];

/** Whether a front end reads what stands at an entry. */
export function isAnalysable({ kind, path }: TreeEntry): boolean {
  return kind === 'file' && FRONT_ENDS.some(({ endings }) => endings.test(path));
}

/** What says how the files of a tree are imported: names of its own packages. */
export function isManifest({ kind, path }: TreeEntry): boolean {
  return kind === 'file' && /(?:^|\/)(?:package\.json|tsconfig\.json|go\.mod)$/.test(path);
}

/** The grammars that the front ends need for these entries; each is a megabyte to compile. */
export function grammarsFor(entries: readonly TreeEntry[]): readonly GrammarName[] {
  const needed = FRONT_ENDS.filter(({ endings }) => entries.some(({ path }) => endings.test(path)));
  return [...new Set(needed.flatMap(({ grammars }) => grammars))];
}

/** Version of the common form: raised when a front end gives something else for the same file. */
const FORM_VERSION = '1';

/** Files larger than this are data. */
const LARGEST_FILE = 2_000_000;

/**
 * Read every source file of the tree, lower it, and analyse all together; recipes each by itself. What cannot be read
 * is a gap.
 * @param cache filled as it goes; give none and everything is read.
 */
export async function analyseTree(
  request: EngineRequest,
  grammars: Grammars,
  cache?: ModuleCache,
): Promise<EngineResult> {
  const gaps: Gap[] = [];
  const modules: Module[] = [];
  for (const entry of request.tree.entries) {
    const frontEnd = FRONT_ENDS.find(({ endings }) => endings.test(entry.path));
    if (entry.kind !== 'file' || !frontEnd) continue;
    const module = readModule(entry.path, entry.size, frontEnd.lower, request, grammars, cache, gaps);
    if (module) modules.push(module);
  }
  const result = analyse(request, modules);
  const recipes = request.readers && analyseRecipes(request.tree, request.only, request.readers);
  return {
    ...result,
    findings: [...result.findings, ...(recipes?.findings ?? [])],
    gaps: [...gaps, ...result.gaps, ...(recipes?.gaps ?? [])],
    filesRead: result.filesRead + (recipes?.analysed.size ?? 0),
    analysed: new Set([...modules.map(({ file }) => file.path), ...(recipes?.analysed ?? [])]),
  };
}

function readModule(
  path: string,
  size: number,
  lower: FrontEnd,
  request: EngineRequest,
  grammars: Grammars,
  cache: ModuleCache | undefined,
  gaps: Gap[],
): Module | undefined {
  const place = { file: path, span: { start: 0, end: 0 } };
  if (size > LARGEST_FILE) {
    gaps.push({ kind: 'cap', message: `not analysed: larger than ${LARGEST_FILE} bytes`, place });
    return undefined;
  }
  const file = request.tree.read(path);
  if (!file) return undefined;
  if ('kind' in file) {
    gaps.push(file);
    return undefined;
  }
  if (!cache) return lower(file, grammars);
  const key = createHash('sha256').update(`${FORM_VERSION}\0${path}\0${file.text}`).digest('hex');
  const known = cache.get(key);
  if (known) return known;
  const module = lower(file, grammars);
  cache.set(key, module);
  return module;
}
