import type { Rule } from '../rule.ts';
import { META_RULES } from './meta/index.ts';

/** Every rule about a single weakness, by family. Whole paths stand in `path/`. */
export const RULES: readonly Rule[] = [...META_RULES];
