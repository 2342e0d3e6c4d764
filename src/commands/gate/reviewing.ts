import { SallyportError } from '../../errors/index.ts';
import { CONFIDENCES, type Finding, SEVERITIES } from '../../findings/index.ts';
import type { GateEvidence } from '../../gate/index.ts';
import { type ReviewOutcome, review } from '../../review/index.ts';
import type { SourceFile, SourceTree } from '../../syntax/index.ts';
import { isObject, type JsonValue, objectOf } from '../../system/index.ts';
import { createEngine } from '../review/engine.ts';
import { readReviewPolicy } from '../review/policy.ts';
import { readNamedFile } from './input.ts';

export interface ReviewedChange {
  readonly findings: readonly Finding[];
  readonly review: GateEvidence['review'];
}

export interface ReviewSides {
  readonly before: SourceTree;
  readonly after: SourceTree;
  readonly target: SourceTree;
  /** Full id of the head, by which a review that was made before is known. */
  readonly headCommit: string;
}

/**
 * The review of a change: those that were handed in (`sallyport review --format json` of this very head), else our own
 * engine now, without a model. Scans of other tools go into it.
 * @throws SallyportError SP2703 for a file that is neither
 */
export async function reviewChange(
  sides: ReviewSides,
  files: readonly string[],
  today: string,
): Promise<ReviewedChange> {
  const texts = await Promise.all(
    files.map(async (path): Promise<SourceFile> => ({ path, text: (await readNamedFile(path)).toString('utf8') })),
  );
  const read = texts.map((file) => ({ file, value: parseReview(file) }));
  const scans = read.filter(({ value }) => value === undefined).map(({ file }) => file);
  const reviews = read.flatMap(({ value }) => (value === undefined ? [] : [readReview(value, sides.headCommit)]));
  const isWhole = reviews.length > 0 && scans.length === 0;
  const own = isWhole ? [] : [reviewedBy(await runReview(sides, scans, today), scans)];
  const all = [...reviews, ...own];
  const findings = new Map(all.flatMap((one) => one.findings.map((finding) => [finding.fingerprint, finding])));
  const open = all.map((one) => one.review).find((one) => one?.state !== 'reviewed');
  return { findings: [...findings.values()], review: open ?? all[0]?.review };
}

/** Our own review, by the policy of the target and without a model; results of other scanners go into it. */
export async function runReview(
  { before, after, target }: Pick<ReviewSides, 'before' | 'after' | 'target'>,
  scans: readonly SourceFile[],
  today: string,
): Promise<ReviewOutcome> {
  const { section, decisions } = await readReviewPolicy({ tree: target, ref: undefined }, undefined, today);
  return await review({
    base: before,
    head: after,
    engine: createEngine(target),
    threatModel: section.threatModel ?? 'service',
    exclusions: section.exclude,
    decisions,
    failOn: section.failOn ?? 'high',
    scans: { head: scans, base: [] },
  });
}

/** What the gate needs of a review. A scan that was handed in and is not whole leaves it open for everybody. */
export function reviewedBy(
  { findings, gaps, state }: ReviewOutcome,
  scans: readonly SourceFile[] = [],
): ReviewedChange {
  const torn = gaps.find(({ place }) => scans.some(({ path }) => path === place.file));
  const first = torn ?? gaps[0];
  const reason = first === undefined ? 'every changed stretch was looked at' : `${first.place.file}: ${first.message}`;
  const own = torn === undefined;
  return { findings: findings.map(({ finding }) => finding), review: { state, reason, own } };
}

const FORMAT = 'sallyport-review/1';

type JsonRecord = { readonly [key: string]: JsonValue | undefined };

/** Our own review as JSON; undefined for anything else, which is then read as a scan. */
function parseReview({ path, text }: SourceFile): JsonRecord | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return isObject(value) && value['format'] === FORMAT ? value : undefined;
  } catch (cause) {
    throw new SallyportError('SP2703', `${path} is not JSON`, { cause });
  }
}

function readReview(value: JsonRecord, headCommit: string): ReviewedChange {
  const report = objectOf(value['report']);
  const rows = Array.isArray(report['findings']) ? report['findings'] : [];
  const findings = rows.flatMap((row) => (isObject(row) ? readFinding(row) : []));
  const state = value['state'];
  if (value['head'] !== headCommit)
    return { findings, review: { state: 'not-reviewed', reason: `the review is of ${String(value['head'])}` } };
  if (findings.length !== rows.length)
    return { findings, review: { state: 'not-reviewed', reason: 'a finding of the review cannot be read' } };
  if (state === 'reviewed') return { findings, review: { state, reason: 'every changed stretch was looked at' } };
  return {
    findings,
    review: { state: state === 'partially-reviewed' ? state : 'not-reviewed', reason: 'the review says so itself' },
  };
}

function readFinding(row: JsonRecord): readonly Finding[] {
  const place = objectOf(row['place']);
  const [file, start, end] = [place['file'], place['start'], place['end']];
  const severity = SEVERITIES.find((one) => one === row['severity']);
  const confidence = CONFIDENCES.find((one) => one === row['confidence']);
  const [rule, message, subject, fingerprint] = [row['rule'], row['message'], row['subject'], row['fingerprint']];
  if (severity === undefined || confidence === undefined) return [];
  if (typeof file !== 'string' || typeof start !== 'number' || typeof end !== 'number') return [];
  if (typeof rule !== 'string' || typeof message !== 'string') return [];
  if (typeof subject !== 'string' || typeof fingerprint !== 'string') return [];
  const draft = { rule, message, severity, confidence, subject, fingerprint, place: { file, span: { start, end } } };
  return [{ ...draft, related: [], flow: [], fixes: [], suppression: readSuppression(row['suppression']) }];
}

function readSuppression(value: JsonValue | undefined): Finding['suppression'] {
  if (!isObject(value)) return undefined;
  const by = (['comment', 'policy', 'baseline'] as const).find((one) => one === value['by']);
  if (by === undefined) return undefined;
  return { by, reason: String(value['reason'] ?? ''), until: undefined, place: undefined };
}
