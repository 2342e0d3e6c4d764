import type { PathRule } from './path-rule.ts';
import { secretLeavesByAgent } from './secret-leaves-by-agent.ts';

/** Whole attack paths, one file each. */
export const PATH_RULES: readonly PathRule[] = [secretLeavesByAgent];
