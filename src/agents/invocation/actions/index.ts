/**
 * The action schema pack: one dated entry for each action that runs an agent, and each of its majors. `read` says when
 * the vendor's declaration was read; a test proves the shape of the tables.
 */
import type { ActionRow } from './action.ts';
import { CLAUDE_CODE_ACTIONS } from './claude-code.ts';
import { FURTHER_ACTIONS } from './further.ts';
import { INFERENCE_ACTIONS } from './inference.ts';

export { type ActionRow, SECURITY_TAGS } from './action.ts';

export const ACTIONS: readonly ActionRow[] = [...CLAUDE_CODE_ACTIONS, ...FURTHER_ACTIONS, ...INFERENCE_ACTIONS];

/** Every major of an action that is known, the newest first; none for an action that runs no agent. */
export function majorsOf(name: string): readonly ActionRow[] {
  const wanted = name.toLowerCase();
  return ACTIONS.filter(({ names }) => names.includes(wanted));
}

/** Outputs of an action that are text of the model; `undefined` for an action that is not in the table. */
export function agentTextOutputs(name: string): readonly string[] | undefined {
  const majors = majorsOf(name);
  return majors.length === 0 ? undefined : [...new Set(majors.flatMap(({ agentOutputs }) => agentOutputs))];
}
