/** The thread in which a tree is analysed: everything it needs comes with its start, everything it says is its one message. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadGrammars } from '../../code/index.ts';
import { loadReaders, type SourceTree } from '../../syntax/index.ts';
import { threadTime } from '../../system/index.ts';
import { analyseTree, grammarsFor } from '../analyse-tree.ts';
import { loadCatalogue, mergeCatalogue } from '../catalogue/index.ts';
import type { ApartRequest } from './analyse-apart.ts';

async function analyse({ entries, files, revision, only, threatModel, rows, limits }: ApartRequest): Promise<void> {
  const tree: SourceTree = { revision, entries, gaps: [], read: (path) => files.get(path) };
  const readers = await loadReaders();
  const catalogue = rows.reduce(mergeCatalogue, await loadCatalogue(readers));
  using grammars = await loadGrammars(grammarsFor(entries));
  // A busy machine must not change what is found.
  const clock = threadTime;
  const request = { tree, only, threatModel, catalogue, limits, clock, readers };
  parentPort?.postMessage(await analyseTree(request, grammars));
}

// Started by `analyseApart` alone, with exactly this.
await analyse(workerData as ApartRequest);
