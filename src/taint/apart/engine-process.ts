/** The thread in which trees are analysed: everything it needs comes with its start, everything it says is its one message. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadGrammars, type Module } from '../../code/index.ts';
import { loadReaders, type SourceTree } from '../../syntax/index.ts';
import { threadTime } from '../../system/index.ts';
import { analyseTree, grammarsFor } from '../analyse-tree.ts';
import { loadCatalogue, mergeCatalogue } from '../catalogue/index.ts';
import type { EngineResult } from '../engine-types.ts';
import type { ApartRequest } from './analyse-apart.ts';

async function analyse({ trees, only, threatModel, rows, limits }: ApartRequest): Promise<void> {
  const readers = await loadReaders();
  const catalogue = rows.reduce(mergeCatalogue, await loadCatalogue(readers));
  const sources = trees.map(({ revision, entries, files }): SourceTree => {
    return { revision, entries, gaps: [], read: (path) => files.get(path) };
  });
  using grammars = await loadGrammars(grammarsFor(sources));
  // A busy machine must not change what is found.
  const clock = threadTime;
  const known = new Map<string, Module>();
  const results: EngineResult[] = [];
  for (const tree of sources) {
    results.push(await analyseTree({ tree, only, threatModel, catalogue, limits, clock, readers }, grammars, known));
  }
  parentPort?.postMessage(results);
}

// Started by `analyseApart` alone, with exactly this.
await analyse(workerData as ApartRequest);
