/** What is wrong in pipelines and agent configuration, as attack paths, with fixes. */
export type { Rule, RuleContext } from './rule.ts';
