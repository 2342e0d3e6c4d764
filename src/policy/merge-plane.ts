import type { Decision, MergeAction, MergeOrigin, ReviewState, SessionState } from './action.ts';
import type { MergeRequirement, MergeRule } from './document.ts';
import { compileGlob, normalisePath, type PathMatcher } from './glob.ts';
import { type CompiledRule, collectHits, conclude, failedHit, type Hit, hitOf, type RuleSet } from './rule.ts';

export interface CompiledMergeRule extends CompiledRule<MergeAction> {
  readonly require: MergeRequirement | undefined;
}

export type MergeRules = RuleSet<CompiledMergeRule>;
type Conditions = Pick<CompiledRule<MergeAction>, 'holds' | 'observed'>;

/** Stands for every name in `weakened` and `meta`. */
const ANY = '*';

export function compileMergeRule(rule: MergeRule, conditions: Conditions): CompiledMergeRule {
  const matchers = rule.paths?.map((glob) => compileGlob(glob, { fold: true }));
  return {
    ...conditions,
    head: rule,
    require: rule.require,
    says: `${rule.effect} a change${describeSelection(rule)}`,
    selects: (action) => isOfOrigin(rule, action) && touches(rule, matchers, action),
  };
}

function describeSelection(rule: MergeRule): string {
  const parts = [
    ...(rule.paths ? [`to ${rule.paths.join(', ')}`] : []),
    ...(rule.classes ? [`to paths of class ${rule.classes.join(', ')}`] : []),
    ...(rule.weakened ? [`that weakens ${rule.weakened.join(', ')}`] : []),
    ...(rule.meta ? [`that touches ${rule.meta.join(', ')}`] : []),
    ...(rule.origins ? [`of origin ${rule.origins.join(', ')}`] : []),
  ];
  return parts.map((part) => ` ${part}`).join('');
}

function isOfOrigin({ origins }: MergeRule, action: MergeAction): boolean {
  return origins === undefined || origins.includes(originOf(action));
}

/** Any one of what the rule names is enough; a rule that names nothing is about every change. */
function touches(rule: MergeRule, matchers: readonly PathMatcher[] | undefined, action: MergeAction): boolean {
  const { classes, weakened, meta } = rule;
  if (matchers === undefined && classes === undefined && weakened === undefined && meta === undefined) return true;
  return (
    action.paths.some((path) => matchers?.some((matches) => matches(normalisePath(path))) === true) ||
    action.pathClasses.some((pathClass) => classes?.includes(pathClass) === true) ||
    meets(weakened, action.weakened) ||
    meets(meta, action.meta ?? [])
  );
}

function meets(wanted: readonly string[] | undefined, given: readonly string[]): boolean {
  return given.some((name) => wanted?.some((one) => one === name || one === ANY) === true);
}

/** Where the change comes from; what does not say is of unknown origin. */
export function originOf(action: MergeAction): MergeOrigin {
  return action.origin ?? 'unknown-origin';
}

/** How much of the change was reviewed; what does not say was not. */
export function reviewOf(action: MergeAction): ReviewState {
  return action.review ?? 'none';
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

type Lack = Pick<Hit, 'verdict' | 'reason'>;

/** What cannot be lifted by a person comes first. */
function lackOf(require: MergeRequirement, action: MergeAction): Lack | undefined {
  return (
    lackOfFindings(require, action) ??
    lackOfEvidence(require, action) ??
    lackOfSize(require, action) ??
    lackOfApprovals(require, action)
  );
}

function lackOfFindings(require: MergeRequirement, action: MergeAction): Lack | undefined {
  for (const severity of ['critical', 'high', 'medium', 'low'] as const) {
    const most = require.findings?.[severity];
    const count = action.findings[severity];
    if (most !== undefined && !(count <= most)) {
      return {
        verdict: 'deny',
        reason: `${count} ${severity} finding${count === 1 ? '' : 's'}, at most ${most} accepted`,
      };
    }
  }
  return undefined;
}

function lackOfEvidence(require: MergeRequirement, action: MergeAction): Lack | undefined {
  const missing = require.attestations?.find((name) => !action.attestations.includes(name));
  if (missing !== undefined) return { verdict: 'deny', reason: `attestation '${missing}' is missing` };
  if (require.runRecord === true && originOf(action) !== 'agent-run') {
    return { verdict: 'deny', reason: 'no signed run record stands behind the change' };
  }
  if (require.review !== undefined && reviewOf(action) !== require.review) {
    return { verdict: 'deny', reason: `the review is '${reviewOf(action)}', not '${require.review}'` };
  }
  return undefined;
}

function lackOfSize(require: MergeRequirement, action: MergeAction): Lack | undefined {
  const size = { files: action.paths.length, lines: 0, binaryFiles: 0, ...action.size };
  for (const unit of ['files', 'lines', 'binaryFiles'] as const) {
    const most = require.size?.[unit];
    if (most !== undefined && !(size[unit] <= most)) {
      const named = unit === 'binaryFiles' ? 'binary files' : unit;
      return { verdict: 'deny', reason: `${size[unit]} ${named}, at most ${most} are accepted` };
    }
  }
  return undefined;
}

function lackOfApprovals(require: MergeRequirement, action: MergeAction): Lack | undefined {
  const wanted = require.approvals ?? 0;
  const uploader = require.countDispatcher === true && action.dispatcherKnown === true ? 1 : 0;
  if (action.approvals + uploader >= wanted) return undefined;
  const counted = uploader > 0 ? ' (the dispatcher counts as one)' : '';
  return { verdict: 'ask', reason: `${action.approvals + uploader} of ${wanted} approvals are given${counted}` };
}
