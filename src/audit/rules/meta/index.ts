import type { Rule } from '../../rule.ts';
import { GAP_RULES } from './gap-rules.ts';
import { hiddenAgent } from './hidden-agent.ts';
import { remoteParts } from './remote-parts.ts';
import { REPOSITORY_RULES } from './repository-rules.ts';

export const META_RULES: readonly Rule[] = [hiddenAgent, ...REPOSITORY_RULES, remoteParts, ...GAP_RULES];
