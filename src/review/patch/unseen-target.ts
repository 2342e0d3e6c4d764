import type { FileChange, Finding } from '../../findings/index.ts';
import { asksNobody, isAboutAccess } from './asked-identity.ts';
import { openFunction } from './contract-standing.ts';
import { countedByClient } from './counted-key.ts';
import { type DataStanding, dataStandingOf } from './data-standing.ts';
import { isGoneWhole } from './gone-whole.ts';
import type { PatchCheck } from './judgement.ts';
import { askedAfterwards, decidedInBrowser, opensToAll, stillByPart } from './kept-cause.ts';
import { holdsSecret, stillWritten } from './kept-secret.ts';
import { passingValue } from './passing-values.ts';
import { changesOnlyWords } from './plain-words.ts';
import { remarkedGuard } from './remarked-guard.ts';
import type { Remarks } from './remarks.ts';
import { movedHandler } from './renamed-address.ts';
import type { ReadCode } from './residue.ts';
import { saidIdentity } from './said-identity.ts';
import { type Standing, standingOf } from './standing.ts';
import { asksSaidType, comparedBySigns } from './untouched-weakness.ts';
import { paidBeforeWritten } from './value-calls.ts';

export type Judged = Pick<PatchCheck, 'outcome' | 'reason'>;

/** Weaknesses that lie in what a text or a line of the log says: other words can mend them. */
const OF_WORDS: ReadonlySet<string> = new Set(
  `CWE-117 CWE-200 CWE-201 CWE-203 CWE-204 CWE-209 CWE-210 CWE-211 CWE-223 CWE-497 CWE-532 CWE-598 CWE-615
   CWE-778 CODE15 CODE61`.split(/\s+/),
);

/**
 * A patch for what the engine does not report: a finding of a model, another scanner or a person. That it mends cannot
 * be seen here; that it surely does not can, when it leaves all that the finding lies on as it was.
 */
export async function judgeUnseen(
  target: Finding,
  files: readonly FileChange[],
  read: ReadCode | undefined,
): Promise<Judged> {
  const open: Judged = {
    outcome: 'open',
    reason: 'the engine does not report this finding, so it cannot say that it is gone',
  };
  const data = await dataStandingOf(target, files);
  if (data?.kind === 'gone') return { outcome: 'passed', reason: 'nothing is left of the list that the finding names' };
  const isDecided = data?.kind === 'same' ? !OF_REMARKS.test(target.rule) : remarksFor(target) !== 'none';
  if (data && isDecided) return { outcome: 'failed', reason: saidOfData(data) };
  if (!read) return open;
  for (const judge of JUDGES) {
    const reason = judge(target, files, read);
    if (reason !== undefined) return { outcome: 'failed', reason };
  }
  const standing = standingOf(target, files, read, { remarks: remarksFor(target) });
  if (standing.kind === 'some' && holdsSecret(standing.line, files, read))
    return { outcome: 'failed', reason: `the secret in line ${standing.line} is as it was` };
  if (standing.kind === 'none' && isGoneWhole(target, files, read))
    return { outcome: 'passed', reason: 'what the finding names is gone whole, and nothing came in its place' };
  return judgeStanding(standing) ?? open;
}

/** They may lie in a comment. */
const OF_REMARKS = /\b(?:CWE-(?:312|540|546|615|798)|CODE5\d)\b/;

function saidOfData(standing: Exclude<DataStanding, { kind: 'gone' }>): string {
  switch (standing.kind) {
    case 'same':
      return 'it changes how the data is written, and nothing that a program reads';
    case 'entry':
      return `it changes other entries and leaves that in line ${standing.line}`;
  }
}

type Judge = (target: Finding, files: readonly FileChange[], read: ReadCode) => string | undefined;

/** What each says is why a patch surely mends nothing. */
const JUDGES: readonly Judge[] = [
  (target, files, read) => {
    const remarks = remarksFor(target);
    const onlyWords = remarks !== 'none' && changesOnlyWords(files, read, remarks);
    return onlyWords ? 'it changes nothing but sentences: they ask, and nothing has to follow them' : undefined;
  },
  (target, files) => {
    const paid = paidBeforeWritten(target, files);
    return paid === undefined ? paid : `${paid} still pays before it writes down that it did`;
  },
  (target, files, read) => {
    const line = countedByClient(target, files, read);
    return line === undefined ? line : `line ${line} still counts by a header that the client chooses`;
  },
  (target, files, read) => {
    const line = remarkedGuard(target, files, read);
    return line === undefined
      ? line
      : `the guard in line ${line} is only a remark, and nothing new stands before that address`;
  },
  (target, files, read) => {
    const open = isAboutAccess(target, files, read) ? openFunction(target, files) : undefined;
    if (!open) return undefined;
    return open.byOrigin
      ? `\`${open.name}\` asks who began the transaction, and any contract in between is let through`
      : `nothing in \`${open.name}\` asks who calls it`;
  },
  (...given) => {
    const name = saidIdentity(...given);
    return name === undefined ? name : `\`${name}\` still is what the client says`;
  },
  (...given) => {
    const line = stillByPart(...given);
    return line === undefined ? line : `line ${line} still looks for a permitted address anywhere in another`;
  },
  (...given) => {
    const line = decidedInBrowser(...given);
    return line === undefined ? line : `line ${line} still decides by what the browser keeps`;
  },
  (...given) => {
    const line = askedAfterwards(...given);
    return line === undefined ? line : `line ${line} asks when it is done`;
  },
  (...given) => {
    const line = opensToAll(...given);
    return line === undefined ? line : `line ${line} says that everybody may`;
  },
  (...given) => {
    const value = passingValue(...given);
    return value === undefined ? value : `each of its tests lets \`${value}\` through`;
  },
  (...given) => {
    const line = movedHandler(...given);
    return line === undefined ? line : `line ${line} has another address or method, and the same handler answers there`;
  },
  (...given) => {
    const line = stillWritten(...given);
    return line === undefined ? line : `the secret in line ${line} still stands in the file`;
  },
  (...given) => {
    const line = comparedBySigns(...given);
    return line === undefined ? line : `line ${line} still compares sign by sign`;
  },
  (...given) =>
    asksSaidType(...given) ? 'all that it asks is what the client says of the file: its type or its size' : undefined,
  (...given) => (asksNobody(...given) ? 'nothing that it adds asks who is calling, or turns anybody away' : undefined),
];

/** A weakness of which nothing is known may be one of the log. */
function remarksFor({ rule }: Finding): Remarks {
  const weakness = /CWE-\d+|^CODE\d+/.exec(rule)?.[0];
  if (weakness === undefined) return 'sentences';
  return OF_WORDS.has(weakness) ? 'none' : 'sentences and logs';
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
  const standing = standingOf({ place: first.place, related: others }, files, read, {
    gone: target.place,
    remarks: remarksFor(target),
  });
  return 'line' in standing ? standing.line : undefined;
}
