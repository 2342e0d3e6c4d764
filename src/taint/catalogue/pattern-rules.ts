import type { RuleDescriptor } from '../../findings/index.ts';
import { CRYPTO_RULES } from './crypto-rules.ts';
import { HOST_RULES } from './host-rules.ts';
import { RECIPE_RULES } from './recipe-rules.ts';
import { type CodeRule, describeRule } from './rule-row.ts';
import { WEB_RULES } from './web-rules.ts';

interface PatternRule {
  readonly cwe: number;
  readonly descriptor: RuleDescriptor;
}

const RULES: ReadonlyMap<string, PatternRule> = new Map(
  [...CRYPTO_RULES, ...WEB_RULES, ...HOST_RULES, ...RECIPE_RULES]
    .sort((one: CodeRule, other: CodeRule) => (one.id < other.id ? -1 : 1))
    .map((rule) => [rule.id, { cwe: rule.cwe, descriptor: describeRule(rule) }]),
);

/** Ids of the rules about weaknesses that are no flow. */
export const PATTERN_RULE_IDS: readonly string[] = [...RULES.keys()];

/** The rules about weaknesses that are no flow, in the order of their ids. */
export const PATTERN_RULES: readonly RuleDescriptor[] = [...RULES.values()].map(({ descriptor }) => descriptor);

/** The rule that a row or a module of `patterns/` belongs to. The schema of the files lets no other id through. */
export function patternRuleOf(id: string): PatternRule {
  const rule = RULES.get(id);
  if (rule === undefined) throw new RangeError(`${id} is no rule about code`);
  return rule;
}
