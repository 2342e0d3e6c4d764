import { type Arrival, distinct } from './arrival.ts';
import { handedScripts } from './handed-files.ts';
import type { LocatedAgent } from './locate-agents.ts';
import { writtenFiles } from './script-files.ts';
import { scriptsOf } from './script-range.ts';
import { traceFile } from './trace.ts';

/**
 * What arrives in files that the job, or one before it, wrote and the prompt names: `gh issue view 5 > issue.txt`, then "read issue.txt".
 * `spoken` is all that the agent is told. A name without a dot is too common a word to be taken for a file.
 */
export function arrivalsInNamedFiles(agent: LocatedAgent, spoken: string): readonly Arrival[] {
  const own = [...agent.scope.before.flatMap(scriptsOf), ...(agent.command ? [agent.command.script] : [])];
  const handed = handedScripts(agent.scope).flatMap(({ script, holds }) => writtenFiles(script).filter(holds));
  const written = [...own.flatMap(writtenFiles), ...handed];
  const names = new Set(written.filter((name) => name.includes('.') && isNamed(name, spoken)));
  return distinct([...names].flatMap((name) => traceFile(name, agent.command?.script, agent.scope)));
}

/** As a whole name: `issues.json` is not named by `old-issues.json`. */
function isNamed(name: string, spoken: string): boolean {
  return spoken.includes(name) && new RegExp(`(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`).test(spoken);
}
