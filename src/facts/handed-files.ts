import type { Effect, Job, Step, StepScript } from '../pipelines/index.ts';
import { type Scope, scopeWithin, stepsOf } from './scope.ts';
import { baseName } from './script-files.ts';
import { scriptsOf } from './script-range.ts';

/** A script of another job whose files come to this one as an artifact. */
export interface HandedScript {
  readonly script: StepScript;
  readonly scope: Scope;
  readonly job: Job;
  /** Whether the artifact can hold a file of this name. */
  holds(name: string): boolean;
}

/** What other jobs of the same run hand to this job: nothing, unless something before it unpacks artifacts. */
export function handedScripts(scope: Scope): readonly HandedScript[] {
  if (!receives(scope)) return [];
  return scope.pipeline.jobs.flatMap((job) => {
    const paths = job === scope.job || runsAfter(job, scope) ? [] : uploads(job);
    if (paths.length === 0) return [];
    const inside: Scope = { ...scope, job, before: job.steps, step: undefined };
    return job.steps.flatMap((step, index) =>
      scriptsOf(step).map((script) => ({
        script,
        scope: scopeWithin(inside, index),
        job,
        holds: (name: string) => paths.some((path) => covers(path, name)),
      })),
    );
  });
}

function receives({ pipeline, before, step }: Scope): boolean {
  // GitLab unpacks what earlier stages stored without being asked.
  if (pipeline.platform === 'gitlab') return true;
  return effectsOf([...before, ...(step ? [step] : [])]).some(
    (effect) => effect.kind === 'artifact-download' && !effect.otherRun,
  );
}

/** A job that waits for this one hands it nothing. */
function runsAfter(job: Job, { job: own }: Scope): boolean {
  return job.needs.some(({ value }) => value === own.id);
}

function uploads(job: Job): readonly string[] {
  return [...job.effects, ...effectsOf(job.steps)].flatMap((effect) =>
    effect.kind === 'artifact-upload' ? effect.paths : [],
  );
}

function effectsOf(steps: readonly Step[]): readonly Effect[] {
  return steps.flatMap(stepsOf).flatMap(({ effects }) => effects);
}

/** A path of its own name, a pattern, or a folder. */
function covers(path: string, name: string): boolean {
  const last = baseName(path.trim());
  return last === name || last === '' || /[*?$]/.test(path) || !/.\./.test(last);
}
