import type { AgentRun } from '../../../facts/index.ts';

/** Clauses that forbid: what stands in them is no task. */
const FORBIDDEN = /\b(?:do not|don['’]t|never|without|no need to|instead of)\b[^.;,\n]{0,200}/gi;

/** An order to read and tell. */
const READING =
  /\b(?:review|summari[sz]e|analy[sz]e|explain|list|report|triage|classify|describe|check|audit|inspect|assess|read|find|answer|compare)\b/i;

const EDITS =
  'fix|implement|edit|modify|refactor|rewrite|write|generate|create|add|remove|delete|repair|mend|migrate|update|upgrade|bump|resolve|apply|translate|format';

/** An order to edit, where an order begins: in a sentence's first place, or behind the word that leads to it. */
const EDITING = new RegExp(
  `(?:^|[.!?;:,\\n*-]|\\b(?:and|then|to|please|must|should|can|you|will|also|or))[ \\t]{0,20}(?:\\d{1,3}\\.[ \\t]{0,5})?(?:${EDITS})\\b`,
  'i',
);

/** Any sign of a change, wherever it stands: then it is no job that only reads. */
const CHANGING =
  /\b(?:fix|implement|edit|modif|refactor|rewrit|writ|generat|creat|repair|mend|migrat|push|commit (?:and|the|your|it)|open an? (?:pr|pull))/i;

/** Work that takes a program: the list of tools would need the shell, and would limit little. */
const RUNNING =
  /\b(?:run|execute|test|build|install|compile|push|rebase|merge|post|comment on|label|open an? (?:pr|pull)|commit)\b|\b(?:gh|git|glab|npm|pnpm|yarn|make|curl|pip|cargo|go|docker)\s+[a-z-]/i;

const READ_TOOLS = 'Read,Grep,Glob';

/**
 * The list of Claude Code's tools that the task evidently needs, for `--tools`. Undefined where prompt and rights do not
 * show the task, or where it takes a shell: a list that is too short stops honest work.
 */
export function toolsOfTask(run: AgentRun): string | undefined {
  const { invocation, capabilities, effectsAfter } = run;
  const prompts = invocation.prompts.map(({ text }) => text).filter((text) => text.trim() !== '');
  // A task that the event, a file or standard input holds is not known here.
  if (invocation.promptFromEvent || prompts.length === 0 || prompts.length < invocation.prompts.length)
    return undefined;
  const task = prompts.join('\n').replace(FORBIDDEN, ' ');
  if (capabilities.execute !== 'none' && RUNNING.test(task)) return undefined;
  const takesTree = effectsAfter.some(({ kind }) => kind === 'push' || kind === 'create-pull-request');
  if (takesTree || EDITING.test(task)) return `${READ_TOOLS},Edit,Write`;
  return READING.test(task) && !CHANGING.test(task) && !mayWriteContents(run) ? READ_TOOLS : undefined;
}

/** Somebody gave the job the right to change the repository: it is there for a reason that the prompt does not show. */
function mayWriteContents({ job, pipeline }: AgentRun): boolean {
  const permissions = job.permissions ?? pipeline.permissions;
  if (permissions === undefined) return false;
  return (
    permissions.mode === 'write-all' ||
    permissions.scopes.some(({ name, access }) => name === 'contents' && access === 'write')
  );
}
