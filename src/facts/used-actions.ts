import type { Pipeline } from '../pipelines/index.ts';
import { stepsOf } from './scope.ts';

/**
 * Files of local actions, and of steps of a Jenkins library, that are read as a part of another pipeline of the
 * repository. Of actions that use each other in a circle the first is read on its own.
 */
export function usedActions(pipelines: readonly Pipeline[]): ReadonlySet<string> {
  const actions = pipelines.filter(isAction);
  if (actions.length === 0) return new Set();
  const used = new Set(pipelines.filter((pipeline) => !isAction(pipeline)).flatMap(filesInside));
  const byOthers = new Set(actions.flatMap(filesInside));
  const alone = ({ file }: Pipeline): boolean => !byOthers.has(file.path);
  for (const action of [...actions.filter(alone), ...actions]) {
    if (used.has(action.file.path)) continue;
    for (const file of filesInside(action)) if (file !== action.file.path) used.add(file);
  }
  return used;
}

/** A part that does nothing where nobody uses it. */
export function isAction({ role, platform }: Pipeline): boolean {
  return role === 'composite-action' || (platform === 'jenkins' && role === 'reusable');
}

/** The files in which steps inside the steps of a pipeline are written. */
function filesInside({ jobs }: Pipeline): readonly string[] {
  return jobs.flatMap(({ steps }) =>
    steps.flatMap(({ inner }) => inner.flatMap(stepsOf).map(({ place }) => place.file)),
  );
}
