import { z } from 'zod';
import type { GateSummary, ScanSummary } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { readFileNoFollow } from '../../system/index.ts';

/** Reports of our own commands, as far as statements tell of them. Further fields are theirs. */

const MAX_REPORT = 256 * 1024 * 1024;
const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

const reviewReport = z.looseObject({
  format: z.literal('sallyport-review/1'),
  verdict: z.string(),
  state: z.enum(['reviewed', 'partially-reviewed', 'not-reviewed']),
  base: commit,
  head: commit,
  report: z.looseObject({
    tool: z.looseObject({ version: z.string() }),
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
    findings: z.array(
      z.looseObject({
        rule: z.string(),
        severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
        fingerprint: z.string(),
      }),
    ),
  }),
});

const reason = z.looseObject({ code: z.string() });
const gateReport = z.looseObject({
  format: z.literal('sallyport-gate/1'),
  change: z.looseObject({
    repository: z.string(),
    targetRef: z.string(),
    baseCommit: commit,
    headCommit: commit,
    headTree: commit,
  }),
  review: z.looseObject({ state: z.string() }),
  verdict: z.enum(['pass', 'needs-approval', 'blocked', 'incomplete']),
  label: z.string(),
  reasons: z.array(reason),
  lifted: z.array(reason),
  approvals: z.looseObject({ counted: z.array(z.string()) }),
  forgeReviews: z.unknown().optional(),
});

export type ReviewReport = z.infer<typeof reviewReport>;
export type GateReport = z.infer<typeof gateReport>;

/** What `sallyport review --format json` wrote. @throws SallyportError SP2506 */
export function readReviewReport(path: string): Promise<ReviewReport> {
  return readReport(path, reviewReport, 'sallyport review --format json');
}

/** What `sallyport gate --format json` wrote. @throws SallyportError SP2506 */
export function readGateReport(path: string): Promise<GateReport> {
  return readReport(path, gateReport, 'sallyport gate --format json');
}

async function readReport<Report>(path: string, schema: z.ZodType<Report>, command: string): Promise<Report> {
  const bytes = await readFileNoFollow(path, MAX_REPORT).catch((cause: unknown) => {
    throw new SallyportError('SP2506', `cannot read ${path}`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new SallyportError('SP2506', `${path} is not JSON`, { cause });
  }
  const shape = schema.safeParse(value);
  if (shape.success) return shape.data;
  const [issue] = shape.error.issues;
  throw new SallyportError(
    'SP2506',
    `${path} is not what \`${command}\` writes: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

/** What a review statement says: parts that were not looked at are warnings, findings that block are failures. */
export function scanSummaryOf(report: ReviewReport, at: string, policySha256: string): ScanSummary {
  const { tool, findings, startedAt, endedAt } = report.report;
  const serious = findings.filter(({ severity }) => severity === 'critical' || severity === 'high');
  return {
    tool: { uri: 'https://sallyport.dev/review', version: tool.version },
    findings: findings.map(({ rule, severity, fingerprint }) => ({ rule, severity, fingerprint })),
    startedAt: startedAt ?? at,
    endedAt: endedAt ?? at,
    configuration: [{ name: 'sallyport.yaml', sha256: policySha256 }],
    passed: report.state === 'reviewed' && report.verdict === 'pass' ? ['review'] : [],
    warned: report.state === 'reviewed' ? [] : [`review: ${report.state}`],
    failed:
      report.verdict === 'pass' ? [] : ['review', ...serious.map(({ rule, fingerprint }) => `${rule} ${fingerprint}`)],
  };
}

/** Reasons of the gate that speak of controls begin so (docs/gate.md). */
const CONTROL_CODES = /^GATE02/;

/** What a verdict statement says. */
export function gateSummaryOf(
  report: GateReport,
  facts: Pick<GateSummary, 'policy' | 'inputs' | 'at' | 'version'>,
): GateSummary {
  const told = [...report.reasons, ...report.lifted];
  return {
    ...facts,
    passed: report.verdict === 'pass',
    // The gate says so only of a run whose ledger it verified.
    sandboxed: report.label === 'ai-assisted',
    reviewed: report.review.state === 'reviewed',
    approvals: new Set(report.approvals.counted).size,
    nothingWeakened: !told.some(({ code }) => CONTROL_CODES.test(code)),
  };
}
