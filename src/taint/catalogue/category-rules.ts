import type { RuleDescriptor } from '../../findings/index.ts';
import type { TaintCategory } from '../catalogue.ts';
import { CATEGORIES } from './categories.ts';
import { INJECTION_RULES } from './injection-rules.ts';
import { REACH_RULES } from './reach-rules.ts';
import { type CodeRule, describeRule } from './rule-row.ts';

const RULES: Record<TaintCategory, CodeRule> = { ...INJECTION_RULES, ...REACH_RULES };

/** The rule that a flow into a sink of the category breaks. */
export function categoryRule(category: TaintCategory): RuleDescriptor {
  return describeRule(RULES[category]);
}

/** The rules about flows, in the order of their ids. */
export const CATEGORY_RULES: readonly RuleDescriptor[] = CATEGORIES.map(categoryRule);
