import type { Module } from '../../../src/code/index.ts';
import { loadGrammars, lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import type { FindingDraft } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { loadCatalogue } from '../../../src/taint/catalogue/index.ts';
import type { Catalogue } from '../../../src/taint/catalogue.ts';
import { analyse } from '../../../src/taint/engine/analyse.ts';
import type { EngineRequest } from '../../../src/taint/engine-types.ts';
import { memoryTree } from '../../support/memory-tree.ts';

/** The catalogue that comes with the program. */
export async function ownCatalogue(): Promise<Catalogue> {
  return loadCatalogue(await loadReaders());
}

const FRONT_ENDS: Readonly<Record<string, typeof lowerPython>> = { py: lowerPython, go: lowerGo, java: lowerJava };

/** Lower some files, each by the ending of its name. */
export async function lowerFiles(files: Readonly<Record<string, string>>): Promise<readonly Module[]> {
  using grammars = await loadGrammars(['python', 'javascript', 'typescript', 'tsx', 'go', 'java']);
  return Object.entries(files).map(([path, text]) => {
    const lower = FRONT_ENDS[path.slice(path.lastIndexOf('.') + 1)] ?? lowerJavaScript;
    return lower({ path, text }, grammars);
  });
}

/** What the engine finds in each file, analysed by itself, by path. */
export async function findingsByFile(
  files: Readonly<Record<string, string>>,
  catalogue: Catalogue,
): Promise<ReadonlyMap<string, readonly FindingDraft[]>> {
  const found = new Map<string, readonly FindingDraft[]>();
  for (const module of await lowerFiles(files)) {
    const request: EngineRequest = {
      tree: memoryTree({}),
      only: undefined,
      catalogue,
      threatModel: 'service',
      limits: { stepsPerFunction: 100_000, stepsPerFile: 1_000_000, callDepth: 6, millisecondsPerFile: 10_000 },
      clock: () => 0n,
    };
    found.set(module.file.path, analyse(request, [module]).findings);
  }
  return found;
}
