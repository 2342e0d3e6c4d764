import type { Rule } from '../../rule.ts';
import { LOCK_RULES } from './lock-state.ts';
import { SWITCH_RULES } from './switched-off.ts';
import { WIDTH_RULES } from './too-wide.ts';

/** Rules about agentic workflows of GitHub: their Markdown sources, and the files compiled from them. */
export const AW_RULES: readonly Rule[] = [...SWITCH_RULES, ...WIDTH_RULES, ...LOCK_RULES].toSorted((a, b) =>
  a.id < b.id ? -1 : 1,
);
