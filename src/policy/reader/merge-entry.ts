import type { MergeRequirement, MergeRule } from '../document.ts';
import { compileGlob } from '../glob.ts';
import { defined } from './defined.ts';
import { EntryError } from './entry-error.ts';
import type { MergeInput } from './schema.ts';

type Selection = Pick<MergeRule, 'paths' | 'classes' | 'weakened' | 'meta' | 'origins'>;
type PlainEntry = NonNullable<MergeInput['allow']>[number];
type RequiredEntry = NonNullable<MergeInput['require']>[number];

/** Which changes an entry is about. @throws GlobError */
export function readMergeSelection({ paths, classes, weakened, meta, origins }: PlainEntry): Selection {
  for (const path of paths ?? []) compileGlob(path, { fold: true });
  return defined({ paths, classes, weakened, meta, origins });
}

/** What an entry without an id is called by. */
export function describeMergeEntry(entry: PlainEntry): string {
  const { paths = [], classes = [], weakened = [], meta = [], origins = [], when = '' } = entry;
  return [...paths, ...classes, ...weakened, ...meta, ...origins, when].join(',');
}

/** An entry of `require:`. @throws EntryError when it requires nothing */
export function readMergeRequirement(entry: RequiredEntry): {
  readonly require: MergeRequirement;
  readonly selection: Selection;
  readonly text: string;
} {
  const { approvals, findings, attestations, countDispatcher, review, runRecord, size } = entry;
  const require = {
    ...defined({ approvals }),
    ...(findings ? { findings: defined(findings) } : {}),
    ...defined({ attestations, review, runRecord }),
    ...(size ? { size: defined(size) } : {}),
  };
  if (Object.keys(require).length === 0) {
    const advice = 'Add `approvals`, `findings`, `attestations`, `review`, `runRecord` or `size`.';
    throw new EntryError('the entry requires nothing', advice);
  }
  const selection = readMergeSelection(entry);
  const whole = { ...require, ...defined({ countDispatcher }) };
  return { require: whole, selection, text: JSON.stringify({ ...whole, ...selection }) };
}
