import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SallyportError } from '../../errors/index.ts';
import type { Gap, SourceFile, SourceTree, TreeEntry } from '../../syntax/index.ts';
import { isAnalysable, isManifest } from '../analyse-tree.ts';
import type { CatalogueRows } from '../catalogue/index.ts';
import type { EngineLimits, EngineRequest, EngineResult } from '../engine-types.ts';
import { mayBeRecipe } from '../recipes/index.ts';

/** What one analysis may take; more of it ends the analysis, and nothing of the tree counts as analysed. */
export interface ApartLimits {
  readonly engine: EngineLimits;
  readonly memoryMiB: number;
  readonly milliseconds: number;
}

export const APART_LIMITS: Omit<ApartLimits, 'engine'> = { memoryMiB: 3072, milliseconds: 15 * 60_000 };

/** What the worker is given: plain data, so that it shares nothing with this thread. */
export interface ApartRequest {
  readonly entries: readonly TreeEntry[];
  /** By path: the text, or why there is none. */
  readonly files: ReadonlyMap<string, SourceFile | Gap>;
  readonly revision: string;
  readonly only: ReadonlySet<string> | undefined;
  readonly threatModel: EngineRequest['threatModel'];
  /** Rows that a repository adds to the catalogue. */
  readonly rows: readonly CatalogueRows[];
  readonly limits: EngineLimits;
}

/**
 * Analyses a tree in a thread of its own, with a limit on its memory and its time: hostile code can make the analysis
 * end, and nothing else.
 * @throws SallyportError SP2308 when a limit was hit or the analysis failed
 */
export async function analyseApart(
  request: Pick<EngineRequest, 'tree' | 'only' | 'threatModel'> & { readonly rows: readonly CatalogueRows[] },
  limits: ApartLimits,
): Promise<EngineResult> {
  const { tree, only, threatModel, rows } = request;
  const asked: ApartRequest = { ...readCode(tree, only), only, threatModel, rows, limits: limits.engine };
  const { promise, resolve, reject } = Promise.withResolvers<EngineResult>();
  const worker = new Worker(program(), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMiB },
    env: {},
  });
  const timer = setTimeout(() => reject(tooMuch(`more than ${limits.milliseconds / 1000} s`)), limits.milliseconds);
  worker.once('message', (result: EngineResult) => resolve(result));
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
function readCode(
  tree: SourceTree,
  only: ReadonlySet<string> | undefined,
): Pick<ApartRequest, 'entries' | 'files' | 'revision'> {
  const entries = tree.entries.filter(
    (entry) => isAnalysable(entry) || isManifest(entry) || (mayBeRecipe(entry) && only?.has(entry.path) !== false),
  );
  const files = new Map<string, SourceFile | Gap>();
  for (const { path } of entries) {
    const file = tree.read(path);
    if (file) files.set(path, file);
  }
  return { entries, files, revision: tree.revision };
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
