/** Bounds, teardown and records. */
import type { Rule } from '../../rule.ts';
import { BOUND_RULES } from './bounds.ts';
import { RECORD_RULES } from './records.ts';

/** LIF001 to LIF009, in the order of their ids. */
export const LIF_RULES: readonly Rule[] = [...BOUND_RULES, ...RECORD_RULES];
