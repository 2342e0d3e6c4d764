import { type Claim, findAnswer, followUpAnswer } from './answers.ts';
import type { Interviewer, Question, UnitResult } from './ask.ts';
import { FIND_QUESTION, FIND_SCHEMA, FIND_SYSTEM, FOLLOW_UP_QUESTION, FOLLOW_UP_SCHEMA } from './prompts.ts';
import type { Slice } from './slices.ts';

/** The most that an answer about one slice may take. */
export const MOST_FIND_OUTPUT = 6_000;

/** A slice this small is not cut again. */
const SMALLEST = 20;
/** An answer that is cut time and again is no accident of length. */
const MOST_CUTS = 3;

/** What a finder said about a slice, and lines of it that it would not judge. */
export interface FoundClaims {
  readonly findings: readonly Claim[];
  readonly skipped: readonly { readonly from: number; readonly to: number }[];
}

/** One of several looks at the same slices. */
export interface Look {
  readonly run: number;
  /** There is more than one, and they may share what the provider keeps. */
  readonly isRepeated: boolean;
}

/**
 * Asks about a slice. An answer that was cut is asked for again in halves; a refusal is followed up once, with the
 * question which lines were not judged. What then still has no answer has none: neither is ever "no findings".
 */
export async function findIn(
  slice: Slice,
  look: Look,
  interviewer: Interviewer,
  cuts = 0,
): Promise<UnitResult<FoundClaims>> {
  const result = await interviewer.ask(question(slice, look));
  if (result.status === 'ok') return { status: 'ok', value: { findings: result.value.findings, skipped: [] } };
  if (result.status === 'refused') return followUp(slice, look, interviewer);
  if (result.status === 'truncated' && cuts < MOST_CUTS && slice.lines.length > SMALLEST)
    return findInHalves(slice, look, interviewer, cuts + 1);
  return result;
}

async function findInHalves(
  slice: Slice,
  look: Look,
  interviewer: Interviewer,
  cuts: number,
): Promise<UnitResult<FoundClaims>> {
  const parts: FoundClaims[] = [];
  for (const half of halvesOf(slice)) {
    const result = await findIn(half, look, interviewer, cuts);
    if (result.status !== 'ok') return result;
    parts.push(result.value);
  }
  return {
    status: 'ok',
    value: { findings: parts.flatMap(({ findings }) => findings), skipped: parts.flatMap(({ skipped }) => skipped) },
  };
}

/** Both show some lines around the cut, so that what straddles it is seen whole. */
const OVERLAP = 5;

function halvesOf(slice: Slice): readonly Slice[] {
  const middle = Math.ceil(slice.lines.length / 2);
  const cutLine = slice.lines[middle]?.number ?? 0;
  return [
    {
      ...slice,
      lines: slice.lines.slice(0, middle + OVERLAP),
      removed: slice.removed.filter(({ before }) => before < cutLine),
    },
    {
      ...slice,
      lines: slice.lines.slice(Math.max(0, middle - OVERLAP)),
      removed: slice.removed.filter(({ before }) => before >= cutLine),
    },
  ];
}

async function followUp(slice: Slice, look: Look, interviewer: Interviewer): Promise<UnitResult<FoundClaims>> {
  return await interviewer.ask<FoundClaims>({
    ...question(slice, look),
    stage: 'follow-up',
    question: FOLLOW_UP_QUESTION,
    schema: FOLLOW_UP_SCHEMA,
    answer: followUpAnswer,
  });
}

function question(slice: Slice, { run, isRepeated }: Look): Question<{ findings: Claim[] }> {
  return {
    stage: 'find',
    system: FIND_SYSTEM,
    question: FIND_QUESTION,
    schema: FIND_SCHEMA,
    maxOutputTokens: MOST_FIND_OUTPUT,
    answer: findAnswer,
    run,
    isRepeated,
    content: [payloadOf(slice)],
  };
}

/** What a finder sees of a slice. */
export function payloadOf({ path, lines, removed }: Slice) {
  return { path, lines: lines.map((line) => ({ ...line })), removed: removed.map((line) => ({ ...line })) };
}
