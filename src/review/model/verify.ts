import { type Verification, verifyAnswer } from './answers.ts';
import type { Interviewer } from './ask.ts';
import type { VerifierVerdict } from './calibration.ts';
import type { Candidate } from './candidates.ts';
import { VERIFY_SCHEMA, VERIFY_SYSTEM } from './prompts.ts';
import { type Slice, withoutComments } from './slices.ts';
import { isGuard } from './witness.ts';

const MOST_OUTPUT = 2_000;

export interface Verified {
  readonly verdict: VerifierVerdict;
  /** Line of the guard that is said to stop it. */
  readonly guardLine: number | undefined;
  /** Why nobody could check it; undefined when somebody did. */
  readonly unverified: string | undefined;
}

/** Whether every way to a line of a file passes an earlier one; false where nobody can tell. */
export type GuardProof = (path: string, guardLine: number, line: number) => boolean;

/**
 * Asks twice, where there are comments once without them: a guard that only the comments speak of is none. When the two
 * differ, or the guard does not stand where it is said to or not on every way to the line, the claim is open. No answer
 * removes a finding.
 *
 * @param isRepeated whether other claims about the same slice are asked about, too
 */
export async function verifyCandidate(
  candidate: Candidate,
  interviewer: Interviewer,
  onEveryWay: GuardProof,
  isRepeated: boolean,
): Promise<Verified> {
  const look = (seen: Slice): Promise<Answered> => ask(candidate, { seen, isRepeated }, interviewer, onEveryWay);
  const shown = await look(candidate.slice);
  const blanked = withoutComments(candidate.slice);
  const isBare = blanked.lines.every(({ text }, index) => text === candidate.slice.lines[index]?.text);
  const bare = isBare ? shown : await look(blanked);
  const failed = [shown, bare].find((one) => 'reason' in one);
  if (failed && 'reason' in failed)
    return { verdict: 'needs-evidence', guardLine: undefined, unverified: failed.reason };
  const verdicts = [shown, bare].map((one) => ('verdict' in one ? one.verdict : 'needs-evidence'));
  const [first = 'needs-evidence', second] = verdicts;
  const verdict = first === second ? first : 'needs-evidence';
  const guardLine = verdict === 'refuted' && 'guardLine' in shown ? shown.guardLine : undefined;
  return { verdict, guardLine, unverified: undefined };
}

type Answered = { readonly verdict: VerifierVerdict; readonly guardLine: number } | { readonly reason: string };

async function ask(
  { claim, slice }: Candidate,
  { seen, isRepeated }: { readonly seen: Slice; readonly isRepeated: boolean },
  interviewer: Interviewer,
  onEveryWay: GuardProof,
): Promise<Answered> {
  const textOf = (number: number): string => seen.lines.find((line) => line.number === number)?.text ?? '';
  const result = await interviewer.ask<Verification>({
    stage: 'verify',
    system: VERIFY_SYSTEM,
    question: 'Does the claim stand?',
    schema: VERIFY_SCHEMA,
    maxOutputTokens: MOST_OUTPUT,
    answer: verifyAnswer,
    run: 0,
    isRepeated,
    // From the repository again, not from the finder: none of its words get here.
    content: [
      { path: slice.path, lines: seen.lines.map(({ number, text }) => ({ number, text })) },
      {
        claim: {
          cwe: claim.cwe,
          line: claim.line,
          text: textOf(claim.line),
          steps: claim.steps.map(({ line }) => ({ line, text: textOf(line) })),
        },
      },
    ],
  });
  if (result.status !== 'ok') return { reason: `${result.status}: ${result.reason}` };
  const { verdict, guardLine } = result.value;
  const stands = isGuard(result.value, claim, seen) && onEveryWay(slice.path, guardLine, claim.line);
  if (verdict === 'refuted' && !stands) return { verdict: 'needs-evidence', guardLine: 0 };
  return { verdict, guardLine };
}
