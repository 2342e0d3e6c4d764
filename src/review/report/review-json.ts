import { type Finding, jsonObject, type RenderOptions, renderJson, renderReport } from '../../findings/index.ts';
import type { JsonValue } from '../../system/index.ts';
import type { ReviewOutcome } from '../review.ts';
import { reportReview } from './review-report.ts';

/** Raised when a reader of an older version could misread a newer review; new fields do not raise it. */
const FORMAT = 'sallyport-review/1';

export interface ReviewJsonOptions extends RenderOptions {
  readonly version: string;
  readonly onIncomplete: 'block' | 'warn';
  readonly exitCode: number;
}

/** The review as `docs/review.md` describes it: verdict, coverage of every changed stretch, and the findings report. */
export function renderReviewJson(outcome: ReviewOutcome, options: ReviewJsonOptions): string {
  const report = reportReview(outcome, options.version);
  // Our own output, read back as the part that it is here.
  const findings: JsonValue = JSON.parse(renderReport(report, 'json', options));
  return renderJson({
    format: FORMAT,
    verdict: outcome.verdict,
    state: outcome.state,
    exitCode: options.exitCode,
    onIncomplete: options.onIncomplete,
    base: outcome.base,
    head: outcome.head,
    ai: outcome.model ? modelValue(outcome.model) : { status: 'not-configured' },
    scans: outcome.scans
      ? { ...outcome.scans, tools: [...outcome.scans.tools], known: outcome.scans.known.map((one) => ({ ...one })) }
      : { status: 'none' },
    probabilities: Object.fromEntries(
      outcome.findings.map(({ finding, probability, by }) => [finding.fingerprint, { probability, by }]),
    ),
    coverage: {
      reviewed: outcome.coverage.reviewed,
      missing: outcome.coverage.missing,
      excluded: outcome.coverage.excluded.map(({ path, by }) => ({ path, by })),
      hunks: outcome.coverage.hunks.map(({ file, line, lines, change, seenBy, missing }) =>
        jsonObject({ file, line, lines, change, seenBy: [...seenBy], missing }),
      ),
    },
    hidden: outcome.hidden,
    unreached: outcome.unreached,
    believed: [...outcome.believed],
    fixed: outcome.fixed.map(outline),
    persisting: outcome.persisting.map(outline),
    report: findings,
  });
}

function modelValue(account: NonNullable<ReviewOutcome['model']>): JsonValue {
  const { status, model, requests, reused, usage, usd, pricesOf, reasons, rejected, calibration } = account;
  return jsonObject({
    status,
    model,
    requests,
    reused,
    tokens: { ...usage },
    usd,
    pricesOf,
    calibration: { ...calibration },
    failures: Object.fromEntries(reasons),
    rejectedClaims: rejected.map((claim) => ({ ...claim })),
  });
}

function outline({ fingerprint, rule, severity, message, place }: Finding): JsonValue {
  return { fingerprint, rule, severity, message, file: place.file };
}
