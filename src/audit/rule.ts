import type { Facts } from '../facts/index.ts';
import type { FindingDraft, RuleDescriptor } from '../findings/index.ts';

/** What a rule may ask besides the facts. */
export interface RuleContext {
  /** Today, as YYYY-MM-DD: age of data tables and suppressions. */
  readonly today: string;
}

/** One rule: what it is, and a pure function from facts to what it reports. One file or one data row each. */
export interface Rule extends RuleDescriptor {
  check(facts: Facts, context: RuleContext): Iterable<FindingDraft>;
}
