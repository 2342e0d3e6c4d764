import type { TreeChange } from '../../workspace/index.ts';
import type { Calibration } from '../calibration/evidence.ts';
import { dominates } from '../guard-dominance.ts';
import { type ModelCoverage, type Stretch, stretchesOf, stretchKey } from '../measure-coverage.ts';
import type { ReadCode } from '../patch/residue.ts';
import { Interviewer, type InterviewSettings, type Tally, type UnitResult } from './ask.ts';
import { estimateTokens, NO_USAGE } from './budget.ts';
import { BUILT_IN_CALIBRATION } from './calibration.ts';
import { type Candidate, type PlacedClaim, type RejectedClaim, sortClaims } from './candidates.ts';
import type { ModelUsage } from './client.ts';
import { type FoundClaims, findIn, MOST_FIND_OUTPUT, payloadOf } from './find.ts';
import { mapPooled } from './pool.ts';
import { costOfTokens, PRICES_OF } from './prices.ts';
import { FIND_SYSTEM } from './prompts.ts';
import { isShown, type Slice, sliceChange } from './slices.ts';
import { type GuardProof, type Verified, verifyCandidate } from './verify.ts';

export interface ModelSettings extends InterviewSettings {
  /** How often each slice is looked at; one to three. */
  readonly votes: number;
  /** Reads code for the proof that a guard lies on every way; without it no guard is believed. */
  readonly readCode?: ReadCode | undefined;
  /** From the base; without one that which we measured. */
  readonly calibration?: Calibration | undefined;
}

/** A claim that the bytes bear out, and how likely it is right. */
export interface ModelFinding extends Candidate, Verified {
  readonly probability: number;
}

export interface ModelAccount extends Tally {
  /** `incomplete`: some unit ended without an answer; `reasons` says how often for which reason. */
  readonly status: 'complete' | 'incomplete';
  readonly model: string;
  /** Day of the list prices of `usd`. */
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

/** Find, check against the bytes, verify, weigh. What did not end with an answer is not covered. */
export async function askModel(changes: readonly TreeChange[], settings: ModelSettings): Promise<ModelResult> {
  const { client, calibration = BUILT_IN_CALIBRATION } = settings;
  const interviewer = new Interviewer(settings);
  const shown = changes.filter(isShown);
  const slices = shown.flatMap(sliceChange);
  const found = await lookAt(slices, settings, interviewer);
  const claims = found.flatMap(({ slice, run, result }): readonly PlacedClaim[] =>
    result.status === 'ok' ? result.value.findings.map((claim) => ({ claim, slice, run })) : [],
  );
  const { candidates, rejected } = sortClaims(claims);
  const verified = await verifyAll(candidates, settings, interviewer, proofOf(shown, settings.readCode));
  const reasons = countReasons(found.map(({ result }) => result));
  return {
    findings: candidates.flatMap((candidate) => weigh(candidate, verified.get(candidate), calibration)),
    coverage: coverageOf(shown, slices, found),
    account: {
      status: reasons.size === 0 ? 'complete' : 'incomplete',
      model: client.model,
      ...interviewer.tally,
      pricesOf: PRICES_OF,
      reasons,
      rejected,
      calibration: { source: calibration.source, date: calibration.date },
    },
  };
}

function weigh(
  candidate: Candidate,
  verified: Verified | undefined,
  calibration: Calibration,
): readonly ModelFinding[] {
  if (verified === undefined) return [];
  const verifier = verified.unverified === undefined ? verified.verdict : 'none';
  const { votes, claim } = candidate;
  const probability = calibration.probability({ votes, families: 1, engine: false, verifier, cwe: claim.cwe });
  return [{ ...candidate, ...verified, probability }];
}

/** Every slice is looked at once before any is looked at again: by then the provider has kept what both looks share. */
async function lookAt(
  slices: readonly Slice[],
  { client, votes }: ModelSettings,
  interviewer: Interviewer,
): Promise<readonly (Found & { readonly run: number })[]> {
  const isRepeated = votes > 1 && client.hasCache;
  const units = (runs: readonly number[]) => runs.flatMap((run) => slices.map((slice) => ({ slice, run })));
  const look = (some: ReturnType<typeof units>) =>
    mapPooled(some, client.atOnce, async ({ slice, run }) => {
      return { slice, run, result: await findIn(slice, { run, isRepeated }, interviewer) };
    });
  const later = Array.from({ length: votes - 1 }, (_, index) => index + 1);
  if (!isRepeated) return await look(units([0, ...later]));
  const first = await look(units([0]));
  return [...first, ...(await look(units(later)))];
}

/** Of the claims about one slice one goes before the others, for the same reason. */
async function verifyAll(
  candidates: readonly Candidate[],
  { client }: ModelSettings,
  interviewer: Interviewer,
  onEveryWay: GuardProof,
): Promise<ReadonlyMap<Candidate, Verified>> {
  const groups = Map.groupBy(candidates, ({ slice }) => slice.id);
  const isRepeated = ({ slice }: Candidate): boolean => client.hasCache && (groups.get(slice.id)?.length ?? 0) > 1;
  const isLater = (candidate: Candidate): boolean =>
    isRepeated(candidate) && groups.get(candidate.slice.id)?.[0] !== candidate;
  const verified = new Map<Candidate, Verified>();
  for (const turn of [candidates.filter((one) => !isLater(one)), candidates.filter(isLater)])
    await mapPooled(turn, client.atOnce, async (candidate) => {
      verified.set(candidate, await verifyCandidate(candidate, interviewer, onEveryWay, isRepeated(candidate)));
    });
  return verified;
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
  const most = { ...NO_USAGE, input: input * votes, output: slices.length * votes * MOST_FIND_OUTPUT };
  return { requests: slices.length * votes, most, usd: costOfTokens(client, most), pricesOf: PRICES_OF };
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
