import type { Pipeline } from '../pipelines/index.ts';
import { tokenWrites } from './credentials.ts';
import type { LocatedAgent } from './locate-agents.ts';

/**
 * Compiled agentic workflows are judged at their source, because a compiler put their agents behind a firewall. One
 * that a hand has changed since, or with an agent in the open, is judged as what it is: a workflow. Anybody can write
 * the compiler's banner over a file. The same list is returned when there is none.
 */
export function distrustBanners(pipelines: readonly Pipeline[], agents: readonly LocatedAgent[]): readonly Pipeline[] {
  const wrapped = agents.filter(isWrapped);
  const open = agents.filter((agent) => !isWrapped(agent) && !screens(agent, wrapped));
  const inTheOpen = new Set(open.map(({ pipeline }) => pipeline));
  const isForged = (pipeline: Pipeline): boolean =>
    pipeline.role === 'agentic-lock' && (inTheOpen.has(pipeline) || isEdited(pipeline));
  if (!pipelines.some(isForged)) return pipelines;
  return pipelines.map((pipeline) => (isForged(pipeline) ? { ...pipeline, role: 'workflow' } : pipeline));
}

/** Only the command itself proves that a sandbox stands around the agent. */
export function isWrapped({ invocation }: Pick<LocatedAgent, 'invocation'>): boolean {
  return invocation.written.some(({ name }) => name === 'wrapper');
}

/** Until 2026 the compiler left the agent outside that looks at what the wrapped one wrote: behind it, unable to write. */
function screens({ pipeline, job }: LocatedAgent, wrapped: readonly LocatedAgent[]): boolean {
  const permissions = job.permissions ?? pipeline.permissions;
  return (
    permissions !== undefined &&
    tokenWrites(permissions) === 'no' &&
    wrapped.some((other) => other.pipeline === pipeline && job.needs.some(({ value }) => value === other.job.id))
  );
}

function isEdited({ special }: Pipeline): boolean {
  return special.entries.some(({ key }) => key === 'unlisted');
}
