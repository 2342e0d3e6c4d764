import { SEVERITIES } from '../../findings/index.ts';
import { Interviewer, type InterviewSettings, type Tally } from '../model/ask.ts';
import { addUsage, type BudgetLimits } from '../model/budget.ts';
import type { ReviewOutcome } from '../review.ts';
import type { JudgedFinding } from '../verdict.ts';
import { fixOf, type HealRequest, heal } from './heal.ts';
import type { PatchState } from './judgement.ts';

/** What the patch stage did. */
export interface PatchAccount {
  readonly asked: number;
  readonly states: Readonly<Record<PatchState | 'none', number>>;
}

export interface PatchStageRequest extends Omit<HealRequest, 'target' | 'rules' | 'patch' | 'interviewer'> {
  readonly model: InterviewSettings;
  /** Findings that a patch is made for at most, the gravest first. */
  readonly most: number;
}

/**
 * Has a model make patches for the gravest open findings of the engine, judges each, and hangs those that were not
 * rejected on their findings as fixes that want a person's eyes. The verdict stays what it was: a patch that nobody
 * applied mends nothing. What finding took of the budget is no longer there.
 */
export async function proposePatches(
  outcome: ReviewOutcome,
  request: PatchStageRequest,
): Promise<{ readonly outcome: ReviewOutcome; readonly account: PatchAccount }> {
  const wanted = new Set(chooseFindings(outcome.findings, request.most));
  const interviewer = new Interviewer({ ...request.model, limits: whatIsLeft(request.model.limits, outcome.model) });
  const states = { verified: 0, unverified: 0, rejected: 0, none: 0 };
  const findings: JudgedFinding[] = [];
  for (const judged of outcome.findings) {
    if (!wanted.has(judged)) {
      findings.push(judged);
      continue;
    }
    const { finding } = judged;
    const healing = await heal({
      ...request,
      target: finding,
      rules: outcome.rules,
      patch: undefined,
      interviewer,
    });
    const fix = 'judgement' in healing ? fixOf(healing) : undefined;
    states['judgement' in healing ? healing.judgement.state : 'none']++;
    findings.push(fix ? { ...judged, finding: { ...finding, fixes: [...finding.fixes, fix] } } : judged);
  }
  const model = outcome.model && { ...outcome.model, ...sumOf(outcome.model, interviewer.tally) };
  return { outcome: { ...outcome, findings, model }, account: { asked: wanted.size, states } };
}

function whatIsLeft({ tokens, usd }: BudgetLimits, used: Tally | undefined): BudgetLimits {
  if (used === undefined) return { tokens, usd };
  const { input, output } = used.usage;
  return {
    tokens: Math.max(0, tokens - input - output),
    usd: usd === undefined ? undefined : Math.max(0, usd - (used.usd ?? 0)),
  };
}

function sumOf(one: Tally, other: Tally): Tally {
  return {
    requests: one.requests + other.requests,
    reused: one.reused + other.reused,
    usage: addUsage(one.usage, other.usage),
    usd: one.usd === undefined || other.usd === undefined ? undefined : one.usd + other.usd,
  };
}

/** Only what the engine found can be seen to disappear. */
function chooseFindings(findings: readonly JudgedFinding[], most: number): readonly JudgedFinding[] {
  const weight = ({ finding }: JudgedFinding): number => SEVERITIES.indexOf(finding.severity);
  return findings
    .filter(({ finding, by }) => by === 'engine' && finding.suppression === undefined && finding.fixes.length === 0)
    .toSorted((a, b) => weight(a) - weight(b))
    .slice(0, most);
}
