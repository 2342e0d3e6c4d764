import type { Decision } from '../policy/index.ts';
import type { PathClass, WriteScope } from './change.ts';
import { compileGlobs } from './glob.ts';
import { createClassifier, PROTECTED_CLASSES } from './path-classes.ts';

export type ScopeVerdict =
  | { readonly verdict: 'include'; readonly class: PathClass }
  | { readonly verdict: 'review'; readonly class: PathClass; readonly rule: string; readonly reason: string };

/** One write or deletion of the change. */
export interface Write {
  readonly path: string;
  readonly operation: 'write' | 'delete';
  readonly bytes: number;
}

/** The policy itself, where it lives in this process: the decision of its file plane. */
export type WriteDecider = (write: Write) => Pick<Decision, 'verdict' | 'rule' | 'reason'>;

export type ScopeJudge = (write: Write) => ScopeVerdict;

/** A judge from either form of the write scope. */
export function createScopeJudge(scope: WriteScope | WriteDecider): ScopeJudge {
  return typeof scope === 'function' ? judgeByPolicy(scope) : judgeByGlobs(scope);
}

/**
 * The policy decides. Only where nobody wrote the rule that allows (`default/…`) does the table of classes still hold:
 * a default grants the source tree, not a file that runs by itself.
 */
function judgeByPolicy(decide: WriteDecider): ScopeJudge {
  const classify = createClassifier();
  return (write) => {
    const { class: kind, reason } = classify(write.path);
    const decision = decide(write);
    if (decision.verdict !== 'allow')
      return { verdict: 'review', class: kind, rule: decision.rule, reason: decision.reason };
    if (PROTECTED_CLASSES.has(kind) && decision.rule.startsWith('default')) {
      return { verdict: 'review', class: kind, rule: `protected-${kind}`, reason };
    }
    return { verdict: 'include', class: kind };
  };
}

/** What a pattern looks like as a path: wildcards become a plain name. */
function sampleOf(glob: string): string {
  return glob
    .replace(/^\.?\//, '')
    .replace(/\/$/, '/x')
    .replace(/\*+|\?/g, 'x');
}

/**
 * Judges a changed path: deny, then ask, then allow, then no. A protected class (agent configuration, CI, files that
 * run by themselves, instructions) is allowed only by a pattern that is itself of that class: `**` grants the source
 * tree, not `.github/workflows`.
 */
function judgeByGlobs(scope: WriteScope): ScopeJudge {
  const classify = createClassifier();
  const deny = compileGlobs(scope.deny, { ignoreCase: true });
  const ask = compileGlobs(scope.ask, { ignoreCase: true });
  const allow = compileGlobs(scope.allow, { ignoreCase: false });
  const explicit = scope.allow.map((glob) => ({
    class: classify(sampleOf(glob)).class,
    matches: compileGlobs([glob], { ignoreCase: false }),
  }));
  return ({ path }) => {
    const { class: kind, reason } = classify(path);
    if (deny(path))
      return { verdict: 'review', class: kind, rule: 'scope-deny', reason: 'the policy denies writing here' };
    if (ask(path))
      return { verdict: 'review', class: kind, rule: 'scope-ask', reason: 'the policy wants a person to look' };
    if (!allow(path))
      return { verdict: 'review', class: kind, rule: 'scope-default', reason: 'no rule allows writing here' };
    if (PROTECTED_CLASSES.has(kind) && !explicit.some((grant) => grant.class === kind && grant.matches(path))) {
      return { verdict: 'review', class: kind, rule: `protected-${kind}`, reason };
    }
    return { verdict: 'include', class: kind };
  };
}
