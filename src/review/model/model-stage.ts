import type { RandomBytes } from '../../system/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import type { Calibration } from '../calibration/evidence.ts';
import { dominates } from '../guard-dominance.ts';
import { type ModelCoverage, type Stretch, stretchesOf, stretchKey } from '../measure-coverage.ts';
import type { ReadCode } from '../patch/residue.ts';
import { Interviewer, type UnitResult } from './ask.ts';
import { type BudgetLimits, estimateTokens, ReviewBudget } from './budget.ts';
import { BUILT_IN_CALIBRATION } from './calibration.ts';
import { type Candidate, type PlacedClaim, type RejectedClaim, sortClaims } from './candidates.ts';
import type { ModelClient, ModelUsage } from './client.ts';
import { type FoundClaims, findIn, MOST_FIND_OUTPUT, payloadOf } from './find.ts';
import type { Journal } from './journal.ts';
import { costOfTokens, PRICES_OF } from './prices.ts';
import { FIND_SYSTEM } from './prompts.ts';
import { isShown, type Slice, sliceChange } from './slices.ts';
import { type GuardProof, type Verified, verifyCandidate } from './verify.ts';

export interface ModelSettings {
  readonly client: ModelClient;
  /** How often each slice is looked at; one to three. */
  readonly votes: number;
  readonly limits: BudgetLimits;
  readonly journal: Journal;
  readonly random: RandomBytes;
  /** Reads code for the proof that a guard lies on every way; without it no guard is believed. */
  readonly readCode?: ReadCode | undefined;
  /** From the base; without one that which we measured. */
  readonly calibration?: Calibration | undefined;
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
  /** The table that the probabilities come from. */
  readonly calibration: Pick<Calibration, 'source' | 'date'>;
}

export interface ModelResult {
  readonly findings: readonly ModelFinding[];
  readonly coverage: ModelCoverage;
  readonly account: ModelAccount;
}

/** Requests that run at once. */
const AT_ONCE = 4;

/** Find, check against the bytes, verify, weigh. What did not end with an answer is not covered. */
export async function askModel(changes: readonly TreeChange[], settings: ModelSettings): Promise<ModelResult> {
  const { client, votes, limits, journal, random, calibration = BUILT_IN_CALIBRATION } = settings;
  const budget = new ReviewBudget(client.model, limits);
  const interviewer = new Interviewer(client, budget, journal, random);
  const shown = changes.filter(isShown);
  const slices = shown.flatMap(sliceChange);
  // The first look at every slice, then the second: by then the provider has kept what both have in common.
  const units = Array.from({ length: votes }, (_, run) => slices.map((slice) => ({ slice, run }))).flat();
  const found = await mapLimited(units, async ({ slice, run }) => {
    return { slice, run, result: await findIn(slice, run, interviewer) };
  });
  const claims = found.flatMap(({ slice, run, result }): readonly PlacedClaim[] =>
    result.status === 'ok' ? result.value.findings.map((claim) => ({ claim, slice, run })) : [],
  );
  const { candidates, rejected } = sortClaims(claims);
  const onEveryWay = proofOf(shown, settings.readCode);
  const findings = await mapLimited(candidates, async (candidate): Promise<ModelFinding> => {
    const verified = await verifyCandidate(candidate, interviewer, onEveryWay);
    const verifier = verified.unverified === undefined ? verified.verdict : 'none';
    const { cwe } = candidate.claim;
    const evidence = { votes: candidate.votes, families: 1, engine: false, verifier, cwe } as const;
    return { ...candidate, ...verified, probability: calibration.probability(evidence) };
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
      calibration: { source: calibration.source, date: calibration.date },
    },
  };
}

function proofOf(changes: readonly TreeChange[], readCode: ReadCode | undefined): GuardProof {
  return (path, guardLine, line) => {
    const file = changes.find((change) => change.path === path)?.new;
    const module = file && 'text' in file ? readCode?.(file) : undefined;
    return module !== undefined && dominates(module, guardLine, line);
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
  const input = slices.reduce((sum, slice) => sum + estimateTokens(FIND_SYSTEM + JSON.stringify(payloadOf(slice))), 0);
  const most = { input: input * votes, output: slices.length * votes * MOST_FIND_OUTPUT };
  return { requests: slices.length * votes, most, usd: costOfTokens(client.model, most), pricesOf: PRICES_OF };
}

interface Found {
  readonly slice: Slice;
  readonly result: UnitResult<FoundClaims>;
}

/** A stretch is covered when each slice that shows a part of it had an answer. */
function coverageOf(changes: readonly TreeChange[], slices: readonly Slice[], found: readonly Found[]): ModelCoverage {
  const asked = new Map(changes.flatMap((change) => stretchesOf(change).map((one) => [stretchKey(one), one] as const)));
  const answered = new Set(found.flatMap(({ slice, result }) => (result.status === 'ok' ? [slice.id] : [])));
  const finished = new Set<string>();
  const reasons = new Map<string, string>();
  const covering = Map.groupBy(
    slices.flatMap((slice) => slice.covers.map((key) => ({ key, slice }))),
    ({ key }) => key,
  );
  for (const [key, stretch] of asked) {
    const parts = (covering.get(key) ?? []).map(({ slice }) => slice);
    const open = parts.find(({ id }) => !answered.has(id));
    if (open) reasons.set(key, reasonOf(open, found));
    else if (parts.length === 0) reasons.set(key, 'it is too long to be shown to a model');
    else if (isSkipped(stretch, parts, found)) reasons.set(key, 'the model says that it did not judge it');
    else finished.add(key);
  }
  return { asked: new Set(asked.keys()), finished, reasons };
}

/** Lines that a model would not judge, in whichever of its looks. */
function isSkipped(stretch: Stretch, parts: readonly Slice[], found: readonly Found[]): boolean {
  const ids = new Set(parts.map(({ id }) => id));
  const looks = found.filter(({ slice }) => ids.has(slice.id));
  const last = stretch.line + Math.max(1, stretch.lines) - 1;
  return looks.some(
    ({ result }) =>
      result.status === 'ok' && result.value.skipped.some(({ from, to }) => from <= last && to >= stretch.line),
  );
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
