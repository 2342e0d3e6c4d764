import type { FileChange, Finding } from '../../findings/index.ts';
import type { PatchCheck } from './judgement.ts';
import { changesOnlyWords } from './plain-words.ts';
import type { ReadCode } from './residue.ts';
import { type Standing, standingOf } from './standing.ts';

type Judged = Pick<PatchCheck, 'outcome' | 'reason'>;

/** Weaknesses that lie in what a text says: other words can mend them. */
const OF_WORDS: ReadonlySet<string> = new Set(
  'CWE-200 CWE-201 CWE-203 CWE-204 CWE-209 CWE-210 CWE-211 CWE-497 CWE-532 CWE-598 CWE-615'.split(' '),
);

/**
 * A patch for what the engine does not report: a finding of a model, another scanner or a person. That it mends cannot
 * be seen here; that it surely does not can, when it leaves all that the finding lies on as it was.
 */
export function judgeUnseen(target: Finding, files: readonly FileChange[], read: ReadCode | undefined): Judged {
  const open: Judged = {
    outcome: 'open',
    reason: 'the engine does not report this finding, so it cannot say that it is gone',
  };
  if (!read) return open;
  const weakness = /CWE-\d+/.exec(target.rule)?.[0] ?? '';
  if (!OF_WORDS.has(weakness) && changesOnlyWords(files, read))
    return { outcome: 'failed', reason: 'it changes nothing but sentences: they ask, and nothing has to follow them' };
  return judgeStanding(standingOf(target, files, read)) ?? open;
}

function judgeStanding(standing: Standing): Judged | undefined {
  switch (standing.kind) {
    case 'all':
      return { outcome: 'failed', reason: `line ${standing.line} and all that decides about it are as they were` };
    case 'entry':
      return { outcome: 'failed', reason: `it takes out other entries and leaves that in line ${standing.line}` };
    case 'some':
      return { outcome: 'open', reason: `line ${standing.line}, which the finding names, is as it was` };
    default:
      return undefined;
  }
}

/** Of the other places of a finding that is gone: the line of one that is as it was. */
export function standingBeside(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const [first, ...others] = target.related;
  if (!first) return undefined;
  const standing = standingOf({ place: first.place, related: others }, files, read, target.place);
  return 'line' in standing ? standing.line : undefined;
}
