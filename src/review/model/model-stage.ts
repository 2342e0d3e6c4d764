import type { RandomBytes } from '../../system/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import { type ModelCoverage, stretchesOf, stretchKey } from '../measure-coverage.ts';
import { findAnswer } from './answers.ts';
import { Interviewer, type Question, type UnitResult } from './ask.ts';
import { type BudgetLimits, estimateTokens, ReviewBudget } from './budget.ts';
import { probabilityOf } from './calibration.ts';
import { type Candidate, type PlacedClaim, type RejectedClaim, sortClaims } from './candidates.ts';
import type { ModelClient, ModelUsage } from './client.ts';
import type { Journal } from './journal.ts';
import { costOfTokens, PRICES_OF } from './prices.ts';
import { FIND_QUESTION, FIND_SCHEMA, FIND_SYSTEM } from './prompts.ts';
import { isShown, type Slice, sliceChange } from './slices.ts';
import { type Verified, verifyCandidate } from './verify.ts';

export interface ModelSettings {
  readonly client: ModelClient;
  /** How often each slice is looked at; one to three. */
  readonly votes: number;
  readonly limits: BudgetLimits;
  readonly journal: Journal;
  readonly random: RandomBytes;
}

/** A claim that the bytes bear out, and how likely it is right. */
export interface ModelFinding extends Candidate, Verified {
  readonly probability: number;
}

export interface ModelAccount {
  /** `incomplete`: some unit ended without an answer; `reasons` says how often for which reason. */
  readonly status: 'complete' | 'incomplete';
  readonly model: string;
  readonly requests: number;
  readonly reused: number;
  readonly usage: ModelUsage;
  /** In US dollars by the prices of `pricesOf`; undefined when the model has no known price. */
  readonly usd: number | undefined;
  readonly pricesOf: string;
  readonly reasons: ReadonlyMap<string, number>;
  readonly rejected: readonly RejectedClaim[];
}

export interface ModelResult {
  readonly findings: readonly ModelFinding[];
  readonly coverage: ModelCoverage;
  readonly account: ModelAccount;
}

const MOST_OUTPUT = 6_000;
/** Requests that run at once. */
const AT_ONCE = 4;

/** Find, check against the bytes, verify, weigh. What did not end with an answer is not covered. */
export async function askModel(changes: readonly TreeChange[], settings: ModelSettings): Promise<ModelResult> {
  const { client, votes, limits, journal, random } = settings;
  const budget = new ReviewBudget(client.model, limits);
  const interviewer = new Interviewer(client, budget, journal, random);
  const shown = changes.filter(isShown);
  const slices = shown.flatMap(sliceChange);
  const units = slices.flatMap((slice) => Array.from({ length: votes }, (_, run) => ({ slice, run })));
  const found = await mapLimited(units, async ({ slice, run }) => {
    return { slice, run, result: await interviewer.ask(findQuestion(slice, run)) };
  });
  const claims = found.flatMap(({ slice, run, result }): readonly PlacedClaim[] =>
    result.status === 'ok' ? result.value.findings.map((claim) => ({ claim, slice, run })) : [],
  );
  const { candidates, rejected } = sortClaims(claims);
  const findings = await mapLimited(candidates, async (candidate): Promise<ModelFinding> => {
    const verified = await verifyCandidate(candidate, interviewer);
    return { ...candidate, ...verified, probability: probabilityOf(candidate.votes, verified.verdict) };
  });
  const reasons = countReasons(found.map(({ result }) => result));
  return {
    findings,
    coverage: coverageOf(shown, slices, found),
    account: {
      status: reasons.size === 0 ? 'complete' : 'incomplete',
      model: client.model,
      ...interviewer.tally,
      usage: budget.spent,
      usd: costOfTokens(client.model, budget.spent),
      pricesOf: PRICES_OF,
      reasons,
      rejected,
    },
  };
}

/** What a review would ask, without asking: the most that finding can take. Verification comes on top, by what is found. */
export function previewModel(
  changes: readonly TreeChange[],
  { client, votes }: Pick<ModelSettings, 'client' | 'votes'>,
): {
  readonly requests: number;
  readonly most: ModelUsage;
  readonly usd: number | undefined;
  readonly pricesOf: string;
} {
  const slices = changes.flatMap(sliceChange);
  const input = slices.reduce((sum, slice) => sum + estimateTokens(FIND_SYSTEM + JSON.stringify(payload(slice))), 0);
  const most = { input: input * votes, output: slices.length * votes * MOST_OUTPUT };
  return { requests: slices.length * votes, most, usd: costOfTokens(client.model, most), pricesOf: PRICES_OF };
}

function findQuestion(slice: Slice, run: number): Question<{ findings: PlacedClaim['claim'][] }> {
  return {
    stage: 'find',
    system: FIND_SYSTEM,
    question: FIND_QUESTION,
    schema: FIND_SCHEMA,
    maxOutputTokens: MOST_OUTPUT,
    answer: findAnswer,
    run,
    content: payload(slice),
  };
}

function payload({ path, lines, removed }: Slice) {
  return { path, lines: lines.map((line) => ({ ...line })), removed: removed.map((line) => ({ ...line })) };
}

interface Found {
  readonly slice: Slice;
  readonly result: UnitResult<unknown>;
}

/** A stretch is covered when each slice that shows a part of it had an answer. */
function coverageOf(changes: readonly TreeChange[], slices: readonly Slice[], found: readonly Found[]): ModelCoverage {
  const asked = new Set(changes.flatMap((change) => stretchesOf(change).map(stretchKey)));
  const answered = new Set(found.flatMap(({ slice, result }) => (result.status === 'ok' ? [slice.id] : [])));
  const finished = new Set<string>();
  const reasons = new Map<string, string>();
  for (const key of asked) {
    const parts = slices.filter(({ covers }) => covers.includes(key));
    const open = parts.find(({ id }) => !answered.has(id));
    if (parts.length > 0 && !open) finished.add(key);
    else reasons.set(key, open ? reasonOf(open, found) : 'it is too long to be shown to a model');
  }
  return { asked, finished, reasons };
}

function reasonOf(slice: Slice, found: readonly Found[]): string {
  const failed = found.find((one) => one.slice.id === slice.id)?.result;
  return failed && failed.status !== 'ok' ? `the model's answer: ${failed.status}, ${failed.reason}` : 'not asked';
}

function countReasons(results: readonly UnitResult<unknown>[]): ReadonlyMap<string, number> {
  const reasons = new Map<string, number>();
  for (const result of results) {
    if (result.status !== 'ok') reasons.set(result.status, (reasons.get(result.status) ?? 0) + 1);
  }
  return reasons;
}

/** In order; a few at once. */
async function mapLimited<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(map))));
  }
  return results;
}
