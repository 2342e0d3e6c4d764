import { type Arrival, distinct } from './arrival.ts';
import type { LocatedAgent } from './locate-agents.ts';
import { scriptsOf, writtenFiles } from './script-range.ts';
import { traceFile } from './trace.ts';

/**
 * What arrives in files that the job wrote and the prompt names: `gh issue view 5 > issue.txt`, then "read issue.txt".
 * `spoken` is all that the agent is told. A name without a dot is too common a word to be taken for a file.
 */
export function arrivalsInNamedFiles(agent: LocatedAgent, spoken: string): readonly Arrival[] {
  const scripts = [...agent.scope.before.flatMap(scriptsOf), ...(agent.command ? [agent.command.script] : [])];
  const names = new Set(scripts.flatMap(writtenFiles).filter((name) => name.includes('.') && spoken.includes(name)));
  return distinct([...names].flatMap((name) => traceFile(name, agent.command?.script, agent.scope)));
}
