import type { Finding } from '../findings/index.ts';
import type { ReviewState } from './coverage.ts';

/** What a review means for a merge. */
export type ReviewVerdict = 'pass' | 'needs-approval' | 'blocked' | 'incomplete';

/** A finding together with how sure it is: a probability computed from evidence, never a model's own word. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly probability: number;
  readonly by: 'engine' | 'text' | 'model';
}

/** Reference: a model's finding blocks from this probability on, and wants a person from the lower one. */
const BLOCKS_FROM = 0.9;
const ASKS_FROM = 0.5;

/** The default rule. Findings come before gaps: what is known to be wrong is not hidden behind what is not known. */
export function judge(findings: readonly JudgedFinding[], state: ReviewState): ReviewVerdict {
  const open = findings.filter(({ finding }) => finding.suppression === undefined);
  if (open.some(blocks)) return 'blocked';
  if (state !== 'reviewed') return 'incomplete';
  return open.some(asks) ? 'needs-approval' : 'pass';
}

function blocks({ finding, probability, by }: JudgedFinding): boolean {
  if (finding.rule === 'review-evasion') return finding.severity !== 'low' && finding.severity !== 'info';
  if (!isSerious(finding)) return false;
  return by === 'model' ? probability >= BLOCKS_FROM : finding.confidence !== 'low';
}

function asks({ finding, probability }: JudgedFinding): boolean {
  return isSerious(finding) && probability >= ASKS_FROM;
}

function isSerious({ severity }: Finding): boolean {
  return severity === 'critical' || severity === 'high';
}
