import type { AgentRun } from '../../../facts/index.ts';
import type { StepScript } from '../../../pipelines/index.ts';
import type { ScriptCommand } from '../../../syntax/index.ts';

/** The simple command that starts the agent, when it is one of a script. */
export function commandOf(run: AgentRun): ScriptCommand | undefined {
  const { place } = run.invocation;
  const scripts = [run.step.run, ...run.step.followed.map(({ script }) => script)];
  for (const script of scripts) {
    if (script === undefined || script.text.place.file !== place.file) continue;
    // The innermost one: a substitution is a command inside a command.
    const found = script.script.commands.filter((command) => covers(script, command, place.span.start)).at(-1);
    if (found) return found;
  }
  return undefined;
}

function covers({ text }: StepScript, { span }: ScriptCommand, offset: number): boolean {
  return text.offsetOf(span.start) <= offset && offset < text.offsetOf(span.end);
}

/** Whether what the agent prints reaches the log: not when it goes to a file, a variable or another command. */
export function printsToLog(run: AgentRun): boolean {
  const command = commandOf(run);
  if (command === undefined) return true;
  if (command.redirects.some(({ operator }) => /^(?:\d*|&)>{1,2}/.test(operator) || operator === '>|')) return false;
  if (command.nesting.includes('substitution')) return false;
  return command.pipeline.length === 1 || command.pipeline.position === command.pipeline.length - 1;
}
