import type { Decision, FileAction, SessionState } from './action.ts';
import type { FileRule } from './document.ts';
import { compileGlobs, normalisePath } from './glob.ts';
import { type CompiledRule, collectHits, conclude, quote, type RuleSet } from './rule.ts';

export type FileRules = RuleSet<CompiledRule<FileAction>>;
type Conditions = Pick<CompiledRule<FileAction>, 'holds' | 'observed'>;

/** Deny and ask ignore case: on some file systems `.GIT/config` is `.git/config`. */
export function compileFileRule(rule: FileRule, conditions: Conditions): CompiledRule<FileAction> {
  const matches = compileGlobs(rule.globs, { fold: rule.effect !== 'allow' });
  const most = rule.maxBytes ?? Number.POSITIVE_INFINITY;
  const isSpared = ({ movedTo }: FileAction): boolean =>
    rule.sparesMoves === true && movedTo !== undefined && matches(normalisePath(movedTo));
  return {
    ...conditions,
    head: rule,
    says: `${rule.effect} ${rule.operations.join(' and ')} of ${rule.globs.join(', ')}`,
    selects: (action) =>
      rule.operations.includes(action.operation) &&
      (action.bytes ?? 0) <= most &&
      matches(action.path) &&
      !isSpared(action),
  };
}

export function decideFile(set: FileRules, action: FileAction, state: SessionState): Decision {
  const path = normalisePath(action.path);
  const subject = `to ${action.operation} ${quote(path)}`;
  if (path.startsWith('/') || path.startsWith('../') || path === '..' || path.includes('\u0000')) {
    return { verdict: 'deny', rule: 'builtin/outside-workspace', reason: `${quote(path)} is outside the workspace` };
  }
  return conclude(collectHits(set.rules, { ...action, path }, state), set.otherwise, subject);
}
