import type { Action, Decision, SessionState, Verdict } from './action.ts';
import type { RuleHead } from './document.ts';

/** A rule made ready to decide. Both functions may throw: an error in a rule that could apply denies. */
export interface CompiledRule<A extends Action = Action> {
  readonly head: RuleHead;
  /** Whether the rule is about this action. */
  selects(action: A): boolean;
  /** Whether its conditions (`after`, `when`) are met. Asked only when it selects the action. */
  holds(action: A, state: SessionState): boolean;
  /** Only noted: its date has not come. */
  readonly observed: boolean;
  /** In words, for the reason of a decision. */
  readonly says: string;
}

/** The rules of one plane, sorted by id, and what happens when none applies. */
export interface RuleSet<R extends CompiledRule<never> = CompiledRule<never>> {
  readonly rules: readonly R[];
  readonly otherwise: 'allow' | 'deny';
}

/** A rule that applied to an action. */
export interface Hit {
  readonly head: RuleHead;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly observed: boolean;
  /** Set when the rule could not be evaluated; its verdict is then `deny`. */
  readonly error?: boolean;
}

/** Longest text from an action that is repeated in a reason. */
const MOST_QUOTED = 120;

const STRENGTH: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

/** Evaluate the rules that select the action. An exception becomes a hit that denies with the rule's id. */
export function collectHits<A extends Action>(
  rules: readonly CompiledRule<A>[],
  action: A,
  state: SessionState,
): readonly Hit[] {
  return rules.flatMap((rule) => {
    try {
      if (!rule.selects(action) || !rule.holds(action, state)) return [];
      return [hitOf(rule)];
    } catch (cause) {
      return [failedHit(rule, cause)];
    }
  });
}

export function hitOf(rule: Pick<CompiledRule, 'head' | 'observed' | 'says'>): Hit {
  const { head, observed } = rule;
  return { head, observed, verdict: head.effect, reason: head.reason ?? rule.says };
}

/** An observed rule that fails denies too: an error says nothing about what the rule would have said. */
export function failedHit(rule: Pick<CompiledRule, 'head'>, cause: unknown): Hit {
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown fault';
  return {
    head: rule.head,
    observed: false,
    verdict: 'deny',
    reason: `the rule could not be evaluated (${message}), so the action is denied`,
    error: true,
  };
}

/**
 * The strongest hit decides: error, then deny, then ask, then allow; among equals the smallest rule id. The order in
 * which rules are written never matters.
 */
export function conclude(hits: readonly Hit[], otherwise: 'allow' | 'deny', subject: string): Decision {
  let best: Hit | undefined;
  for (const hit of hits) {
    if (!hit.observed && (best === undefined || isStronger(hit, best))) best = hit;
  }
  const verdict = best?.verdict ?? otherwise;
  const observed = hits.filter((hit) => hit.observed && STRENGTH[hit.verdict] > STRENGTH[verdict]);
  const noted = observed.length === 0 ? {} : { observed: observed.map((hit) => hit.head.id).sort() };
  if (best === undefined) {
    const reason = otherwise === 'allow' ? `no rule is against ${subject}` : `no rule allows ${subject}`;
    return { verdict, rule: 'default', reason, ...noted };
  }
  return {
    verdict,
    rule: best.head.id,
    reason: best.reason,
    ...(best.head.at ? { at: best.head.at } : {}),
    ...(best.error ? { error: true } : {}),
    ...noted,
  };
}

function isStronger(one: Hit, other: Hit): boolean {
  const [left, right] = [strengthOf(one), strengthOf(other)];
  return left === right ? one.head.id < other.head.id : left > right;
}

function strengthOf(hit: Hit): number {
  return hit.error ? 3 : STRENGTH[hit.verdict];
}

/** The stricter of two decisions; the first when they are equal. */
export function stricter(one: Decision, other: Decision): Decision {
  const [left, right] = [one, other].map((decision) => (decision.error ? 3 : STRENGTH[decision.verdict]));
  return (right ?? 3) > (left ?? 3) ? other : one;
}

/** Text from an action, short enough and on one line, for a sentence. */
export function quote(text: string): string {
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ');
  return `'${line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line}'`;
}
