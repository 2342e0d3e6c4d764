import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Effect, Job, Pipeline } from '../../../pipelines/index.ts';
import { entryOf, nodeAt, type Place, scalarsOf } from '../../../syntax/index.ts';

/** Most rules of this family ask it of every job, some for every agent. */
const EFFECTS = new WeakMap<Job, readonly Effect[]>();

/** What a job does, steps of composite actions included by their readers. */
export function effectsOfJob(job: Job): readonly Effect[] {
  const known = EFFECTS.get(job) ?? [...job.effects, ...job.steps.flatMap((step) => step.effects)];
  EFFECTS.set(job, known);
  return known;
}

/** The pipelines whose end starts this one: `on.workflow_run.workflows`, by name or file. */
export function awaitedBy(pipeline: Pipeline, facts: Facts): readonly Pipeline[] {
  const on = (entryOf(pipeline.root, 'on') ?? entryOf(pipeline.root, 'true'))?.value;
  const names = new Set(scalarsOf(nodeAt(on, 'workflow_run', 'workflows')).map(({ text }) => text));
  if (names.size === 0) return [];
  return facts.pipelines.filter((one) => {
    const base = one.file.path.split('/').at(-1) ?? '';
    return one !== pipeline && (names.has(one.name?.value ?? one.file.path) || names.has(base));
  });
}

/** A trigger by which a fork's pull request starts a pipeline. */
export function forkTrigger({ triggers }: Pipeline): Place | undefined {
  return triggers.find(({ event, untrusted }) => untrusted && event.startsWith('pull_request'))?.place;
}

const RELEASING: ReadonlySet<Effect['kind']> = new Set<Effect['kind']>(['publish', 'deploy', 'sign', 'release']);

/** The first thing a job does that others rely on. */
export function releaseIn(job: Job): Effect | undefined {
  return effectsOfJob(job).find(({ kind }) => RELEASING.has(kind));
}

/** Events whose caches and refs are those of one pull request: what they save nobody else restores. */
const PULL_SCOPE: ReadonlySet<string> = new Set(['pull_request', 'pull_request_review', 'pull_request_review_comment']);

export function runsOnDefaultBranch({ triggers, pipeline }: AgentRun): boolean {
  return pipeline.platform === 'github' && triggers.some(({ event, untrusted }) => untrusted && !PULL_SCOPE.has(event));
}

/** The part of a cache key that is the same in every run. */
export function fixedPart(key: string | undefined): string | undefined {
  const fixed = key?.split(/\$\{|\$\(|\$[A-Za-z_]/)[0]?.trim();
  return fixed === '' ? undefined : fixed;
}

/** Jobs that need this one, directly or through others. */
export function followers(pipeline: Pipeline, job: Job): readonly Job[] {
  const found: Job[] = [];
  for (let ids = [job.id]; ids.length > 0; ) {
    const next = pipeline.jobs.filter(
      (one) => !found.includes(one) && one.needs.some(({ value }) => ids.includes(value)),
    );
    found.push(...next);
    ids = next.map(({ id }) => id);
  }
  return found;
}
