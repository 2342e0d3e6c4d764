import type { AiChangeContext, ChangeIdentity, LineRange } from '../../attest/index.ts';
import { createClassifier } from '../../policy/index.ts';
import {
  compareTrees,
  listBlobs,
  type ObjectStore,
  readCommitTree,
  ScratchRepository,
  type TreeChange,
} from '../../workspace/index.ts';

type TreeFacts = Pick<AiChangeContext, 'lines' | 'configuration'>;

/** Classes of files that tell an agent what to do and what it may. */
const CONFIGURING: ReadonlySet<string> = new Set(['agent-config', 'instruction']);
/** A base with more configuration than this has its first files named. */
const MOST_FILES = 1000;

/** Which lines a change wrote, and what configured agents where it began. Read from git; nothing is run. */
export async function readTreeFacts(store: ObjectStore, change: ChangeIdentity): Promise<TreeFacts> {
  const { baseCommit, headCommit } = change;
  using scratch = ScratchRepository.open(store);
  const [base, head] = [
    await readCommitTree(scratch.directory, baseCommit),
    await readCommitTree(scratch.directory, headCommit),
  ];
  const classify = createClassifier();
  const configuration = (await listBlobs(store, baseCommit))
    .filter(({ path }) => CONFIGURING.has(classify(path).class))
    .slice(0, MOST_FILES)
    .map(({ path, id }) => ({ path, blob: id }));
  return { lines: linesOf(compareTrees(base, head)), configuration };
}

function linesOf(changes: readonly TreeChange[]): ReadonlyMap<string, readonly LineRange[]> {
  const rows = changes.flatMap((change): readonly (readonly [string, readonly LineRange[]])[] =>
    change.new === undefined || 'text' in change.new ? [[change.path, writtenLines(change)]] : [],
  );
  return new Map(rows);
}

function writtenLines({ old, new: now, hunks }: TreeChange): readonly LineRange[] {
  if (now === undefined || !('text' in now)) return [];
  // Of a file that comes, or that was no text before, every line is new.
  if (old === undefined || !('text' in old)) return now.text === '' ? [] : [{ from: 1, to: lineCount(now.text) }];
  return hunks.flatMap(({ to, added }) => (added === 0 ? [] : [{ from: to + 1, to: to + added }]));
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
