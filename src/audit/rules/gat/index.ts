import type { Rule } from '../../rule.ts';
import { APPROVAL_RULES } from './after-approval.ts';
import { TOGETHER_RULES } from './agents-together.ts';
import { OUTSIDER_RULES } from './outsiders.ts';
import { RIGHTS_RULES } from './rights.ts';
import { SPOOFED_RULES } from './spoofed.ts';
import { changesWorkflows } from './workflow-token.ts';

/** Triggers, gates and the rights of the token. */
export const GAT_RULES: readonly Rule[] = [
  ...OUTSIDER_RULES,
  ...SPOOFED_RULES,
  ...APPROVAL_RULES,
  ...RIGHTS_RULES,
  changesWorkflows,
  ...TOGETHER_RULES,
];
