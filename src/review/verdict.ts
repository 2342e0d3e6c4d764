import { type Finding, SEVERITIES, type Severity } from '../findings/index.ts';
import type { ReviewState } from './coverage.ts';

/** What a review means for a merge. */
export type ReviewVerdict = 'pass' | 'needs-approval' | 'blocked' | 'incomplete';

/** A finding together with how sure it is: a probability computed from evidence, never a model's own word. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly probability: number;
  readonly by: 'engine' | 'text' | 'model' | 'scanner';
}

/** Reference: a model's finding blocks from this probability on, and wants a person from the lower one. */
const BLOCKS_FROM = 0.9;
const ASKS_FROM = 0.5;

/** Words for reviewers block from `medium` on, whatever `failOn` says: they aim at this very judgement. */
const EVASION = 'REV03';

/**
 * The default rule. Findings come before gaps: what is known to be wrong is not hidden behind what is not known.
 * @param failOn the severity from which a finding is serious; `never` lets every finding pass.
 */
export function judge(
  findings: readonly JudgedFinding[],
  state: ReviewState,
  failOn: Severity | 'never',
): ReviewVerdict {
  const open = findings.filter(({ finding }) => finding.suppression === undefined);
  const serious = open.filter(({ finding }) => isSerious(finding, failOn));
  if (serious.some(blocks)) return 'blocked';
  if (state !== 'reviewed') return 'incomplete';
  return serious.some(asks) ? 'needs-approval' : 'pass';
}

function blocks({ finding, probability, by }: JudgedFinding): boolean {
  return by === 'model' || by === 'scanner' ? probability >= BLOCKS_FROM : finding.confidence !== 'low';
}

function asks({ probability }: JudgedFinding): boolean {
  return probability >= ASKS_FROM;
}

function isSerious({ rule, severity }: Finding, failOn: Severity | 'never'): boolean {
  if (failOn === 'never') return false;
  const limit = SEVERITIES.indexOf(failOn);
  return SEVERITIES.indexOf(severity) <= (rule === EVASION ? Math.max(limit, SEVERITIES.indexOf('medium')) : limit);
}
