import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SallyportError } from '../../errors/index.ts';
import type { Gap, SourceFile, SourceTree, TreeEntry } from '../../syntax/index.ts';
import { isAnalysable, isManifest } from '../analyse-tree.ts';
import type { CatalogueRows } from '../catalogue/index.ts';
import type { EngineLimits, EngineRequest, EngineResult } from '../engine-types.ts';
import { mayBeRecipe } from '../recipes/index.ts';

/** What an analysis may take; more of it ends the analysis, and nothing of the trees counts as analysed. */
export interface ApartLimits {
  readonly engine: EngineLimits;
  readonly memoryMiB: number;
  readonly milliseconds: number;
}

export const APART_LIMITS: Omit<ApartLimits, 'engine'> = { memoryMiB: 3072, milliseconds: 15 * 60_000 };

/** A tree as plain data. */
export interface ApartTree {
  readonly entries: readonly TreeEntry[];
  /** By path: the text, or why there is none. */
  readonly files: ReadonlyMap<string, SourceFile | Gap>;
  readonly revision: string;
}

/** What the worker is given: it shares nothing with this thread. */
export interface ApartRequest {
  readonly trees: readonly ApartTree[];
  readonly only: ReadonlySet<string> | undefined;
  readonly threatModel: EngineRequest['threatModel'];
  /** Rows that a repository adds to the catalogue. */
  readonly rows: readonly CatalogueRows[];
  readonly limits: EngineLimits;
}

/** What is asked about some trees: of each by itself, in their order. */
export interface TreesRequest extends Pick<EngineRequest, 'only' | 'threatModel'> {
  readonly trees: readonly SourceTree[];
}

/**
 * Analyses trees in a thread of their own, with a limit on its memory and its time: hostile code can make the analysis
 * end, and nothing else. They are mostly the same before and after a change, and what is the same is read once; so one
 * thread takes two thirds of the processor time of two.
 * @throws SallyportError SP2308 when a limit was hit or the analysis failed
 */
export async function analyseApart(
  request: TreesRequest & { readonly rows: readonly CatalogueRows[] },
  limits: ApartLimits,
): Promise<readonly EngineResult[]> {
  const { trees, only, threatModel, rows } = request;
  const asked: ApartRequest = { trees: readCode(trees, only), only, threatModel, rows, limits: limits.engine };
  const { promise, resolve, reject } = Promise.withResolvers<readonly EngineResult[]>();
  const worker = new Worker(program(), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMiB },
    env: {},
  });
  const timer = setTimeout(() => reject(tooMuch(`more than ${limits.milliseconds / 1000} s`)), limits.milliseconds);
  worker.once('message', (results: readonly EngineResult[]) => resolve(results));
  worker.once('error', (error) =>
    reject(isOutOfMemory(error) ? tooMuch(`more than ${limits.memoryMiB} MiB of memory`) : failed(error)),
  );
  worker.once('exit', (code) => reject(failed(new Error(`the thread ended with ${code}`))));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** The files that a front end reads; recipes know nothing of each other, so only those that are reported on. */
function readCode(trees: readonly SourceTree[], only: ReadonlySet<string> | undefined): readonly ApartTree[] {
  const texts = new Map<string, SourceFile>();
  return trees.map((tree) => {
    const entries = tree.entries.filter(
      (entry) => isAnalysable(entry) || isManifest(entry) || (mayBeRecipe(entry) && only?.has(entry.path) !== false),
    );
    const files = new Map<string, SourceFile | Gap>();
    for (const { path } of entries) {
      const file = tree.read(path);
      if (file) files.set(path, 'kind' in file ? file : sameAs(file, texts));
    }
    return { entries, files, revision: tree.revision };
  });
}

/** A file that another tree has too is handed over once. */
function sameAs(file: SourceFile, texts: Map<string, SourceFile>): SourceFile {
  const known = texts.get(file.path);
  if (known?.text === file.text) return known;
  texts.set(file.path, file);
  return file;
}

function program(): string {
  const bundled = join(import.meta.dirname, 'engine-process.js');
  return existsSync(bundled) ? bundled : join(import.meta.dirname, 'engine-process.ts');
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooMuch(what: string): SallyportError {
  return new SallyportError('SP2308', `the analysis needs ${what}`);
}

function failed(cause: unknown): SallyportError {
  return new SallyportError('SP2308', cause instanceof Error ? cause.message : String(cause), { cause });
}
