import { detectContext, type Environment } from '../../forges/index.ts';
import { readEvent } from '../post/event.ts';

/** What a job of a CI system says about the change it runs for. */
export interface PipelineChange {
  /** Full name of the target branch as this checkout has it: a tag can be called `origin/main`. */
  readonly base: string | undefined;
  readonly head: string | undefined;
  readonly targetRef: string | undefined;
  readonly actor: string | undefined;
}

/** Undefined outside of a job, and in one that runs for no pull or merge request: then git alone says what changed. */
export async function readPipeline(environment: Environment): Promise<PipelineChange | undefined> {
  const context = detectContext(environment, await readEvent(environment['GITHUB_EVENT_PATH']));
  if (context?.targetBranch === undefined) return undefined;
  const { targetBranch, headCommit, actor } = context;
  return {
    base: `refs/remotes/origin/${targetBranch}`,
    head: headCommit,
    targetRef: `refs/heads/${targetBranch}`,
    actor,
  };
}
