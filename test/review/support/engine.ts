import { loadGrammars, type Module } from '../../../src/code/index.ts';
import type { Engine, ReviewOutcome, ReviewRequest } from '../../../src/review/index.ts';
import { review } from '../../../src/review/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { analyseTree, ENGINE_LIMITS, loadCatalogue } from '../../../src/taint/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();
const catalogue = await loadCatalogue(readers);
const grammars = await loadGrammars(['python', 'javascript', 'typescript', 'tsx']);
const cache = new Map<string, Module>();

/** The real engine, with a clock that stands still: what a slow machine cannot finish is no matter here. */
export const engine: Engine = ({ trees, ...request }) =>
  Promise.all(
    trees.map((tree) =>
      analyseTree({ ...request, tree, catalogue, readers, limits: ENGINE_LIMITS, clock: () => 0n }, grammars, cache),
    ),
  );

export type Files = { readonly [path: string]: string };

/** Reviews what one set of files adds to another. */
export function reviewFiles(
  base: Files | undefined,
  head: Files,
  more: Partial<ReviewRequest> = {},
): Promise<ReviewOutcome> {
  return review({
    base: base && memoryTree(base),
    head: memoryTree(head),
    engine,
    threatModel: 'service',
    exclusions: [],
    decisions: { policy: [], place: undefined, baseline: [], today: '2026-11-21' },
    failOn: 'high',
    ...more,
  });
}

/** Rules of new findings that nobody decided about, sorted, each as often as it is found. */
export function newRules({ findings }: ReviewOutcome): readonly string[] {
  return findings
    .filter(({ finding }) => !finding.suppression)
    .map(({ finding }) => finding.rule)
    .sort();
}
