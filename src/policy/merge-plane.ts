import type { Decision, MergeAction, SessionState } from './action.ts';
import type { MergeRequirement, MergeRule } from './document.ts';
import { compileGlob, normalisePath } from './glob.ts';
import { type CompiledRule, collectHits, conclude, failedHit, type Hit, hitOf, type RuleSet } from './rule.ts';

export interface CompiledMergeRule extends CompiledRule<MergeAction> {
  readonly require: MergeRequirement | undefined;
}

export type MergeRules = RuleSet<CompiledMergeRule>;
type Conditions = Pick<CompiledRule<MergeAction>, 'holds' | 'observed'>;

export function compileMergeRule(rule: MergeRule, conditions: Conditions): CompiledMergeRule {
  const matchers = rule.paths?.map((glob) => compileGlob(glob, { fold: true }));
  const everywhere = matchers === undefined && rule.classes === undefined;
  return {
    ...conditions,
    head: rule,
    require: rule.require,
    says: `${rule.effect} a change${rule.paths ? ` to ${rule.paths.join(', ')}` : ''}`,
    selects: (action) =>
      everywhere ||
      action.paths.some((path) => matchers?.some((matches) => matches(normalisePath(path))) === true) ||
      action.pathClasses.some((pathClass) => rule.classes?.includes(pathClass) === true),
  };
}

/** Every requirement that applies must be met; a change to which none applies is not allowed by requirements. */
export function decideMerge(set: MergeRules, action: MergeAction, state: SessionState): Decision {
  const plain = set.rules.filter((rule) => rule.require === undefined);
  const requirements = set.rules.flatMap((rule) => judgeRequirement(rule, action, state));
  return conclude([...collectHits(plain, action, state), ...requirements], set.otherwise, 'this change');
}

function judgeRequirement(rule: CompiledMergeRule, action: MergeAction, state: SessionState): readonly Hit[] {
  if (rule.require === undefined) return [];
  try {
    if (!rule.selects(action) || !rule.holds(action, state)) return [];
  } catch (cause) {
    return [failedHit(rule, cause)];
  }
  const lack = lackOf(rule.require, action);
  const verdict = lack?.verdict ?? 'allow';
  const reason = lack?.reason ?? 'every requirement is met';
  return [{ ...hitOf(rule), verdict, reason: rule.head.reason && lack ? `${reason}: ${rule.head.reason}` : reason }];
}

function lackOf(require: MergeRequirement, action: MergeAction): Pick<Hit, 'verdict' | 'reason'> | undefined {
  for (const severity of ['critical', 'high', 'medium', 'low'] as const) {
    const most = require.findings?.[severity];
    const count = action.findings[severity];
    if (most !== undefined && !(count <= most)) {
      return { verdict: 'deny', reason: `${count} ${severity} findings, at most ${most} are accepted` };
    }
  }
  const missing = require.attestations?.find((name) => !action.attestations.includes(name));
  if (missing !== undefined) return { verdict: 'deny', reason: `attestation '${missing}' is missing` };
  const approvals = require.approvals ?? 0;
  if (!(action.approvals >= approvals)) {
    return { verdict: 'ask', reason: `${action.approvals} of ${approvals} approvals are given` };
  }
  return undefined;
}
