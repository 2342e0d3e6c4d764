import type { RuleExample } from '../../../findings/index.ts';
import { actionStep, CLAUDE_ACTION, commandStep, expression, NIGHTLY, workflow } from '../example.ts';

/** Somebody opens an issue. */
export const ISSUES = `  issues:
    types: [opened]`;

export const CALL = 'claude -p';
const BOUNDS = '--max-turns 5 --allowedTools "Read,Bash(npm test)"';

/** `claude -p "…"` on a new issue, in a block so that the text may hold a colon. */
export function onIssue(prompt: string, environment: readonly string[] = [], before = ''): readonly RuleExample[] {
  return [
    workflow(`${before}${commandStep(`|\n          ${CALL} "${prompt}" ${BOUNDS}`, environment)}`, { on: ISSUES }),
  ];
}

/** The action with a prompt of its own, on a new issue. */
export function actionOnIssue(inputs: readonly string[], before = ''): readonly RuleExample[] {
  const key = `anthropic_api_key: ${expression('secrets.ANTHROPIC_API_KEY')}`;
  return [workflow(`${before}${actionStep(CLAUDE_ACTION, [key, ...inputs])}`, { on: ISSUES })];
}

/** The same command at night, when nobody but the clock starts it. */
export function nightly(prompt: string, environment: readonly string[] = [], before = ''): readonly RuleExample[] {
  return [
    workflow(`${before}${commandStep(`|\n          ${CALL} "${prompt}" ${BOUNDS}`, environment)}`, { on: NIGHTLY }),
  ];
}

/** A step with a block of commands. */
export function script(lines: readonly string[], head = ''): string {
  return `      - ${head === '' ? '' : `${head}\n        `}run: |\n${lines.map((line) => `          ${line}`).join('\n')}\n`;
}

export function file(path: string, text: string): RuleExample {
  return { file: path, text };
}
