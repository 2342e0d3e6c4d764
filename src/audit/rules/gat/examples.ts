import type { RuleExample } from '../../../findings/index.ts';
import { actionStep, CLAUDE_ACTION, commandStep, type ExampleShape, expression, workflow } from '../example.ts';

export const PROMPT = 'claude -p "Triage the newest issue" --max-turns 5';

/** Only members may comment their way in. */
export const MEMBERS = `    if: contains(fromJSON('["OWNER","MEMBER","COLLABORATOR"]'), github.event.comment.author_association)`;

export const ACTION_KEY = `anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`;

/** The command line with a job of a certain shape. */
export function byCommand(shape: ExampleShape = {}, command = PROMPT): readonly RuleExample[] {
  return [workflow(commandStep(command), shape)];
}

/** The vendor's action with further inputs. */
export function byAction(inputs: readonly string[], shape: ExampleShape = {}): readonly RuleExample[] {
  return [workflow(actionStep(CLAUDE_ACTION, [ACTION_KEY, ...inputs]), shape)];
}

/** Lines of a job beside its condition. */
export function job(...lines: readonly string[]): string {
  return [...lines, '    timeout-minutes: 10'].join('\n');
}

/** The job's own token in the agent's environment. */
export const JOB_TOKEN = `GH_TOKEN: ${expression('github.token')}`;

/** The command with an allow-list. */
export function allowing(rule: string): string {
  return `${PROMPT} --allowedTools "${rule}"`;
}
