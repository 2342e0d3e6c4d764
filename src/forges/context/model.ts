import type { ForgeName } from '../model.ts';

/** The variables of a process, as handed in. */
export type Environment = { readonly [name: string]: string | undefined };

export type PipelineSystem = 'github-actions' | 'gitea-actions' | 'gitlab-ci' | 'jenkins' | 'azure-pipelines';

/**
 * Where a job runs and for what, as the environment says. None of it proves anything: the forge is asked before
 * something is posted.
 */
export interface PipelineContext {
  readonly system: PipelineSystem;
  /** `undefined` where the system does not tell, or has a forge that we have no client for. */
  readonly forge: ForgeName | undefined;
  readonly apiUrl: string | undefined;
  readonly repository: string | undefined;
  /** Of the pull or merge request. */
  readonly number: number | undefined;
  /** The head of the change, never the trial merge that the job may have checked out. */
  readonly headCommit: string | undefined;
  readonly baseCommit: string | undefined;
  readonly targetBranch: string | undefined;
  /** The account behind the event. */
  readonly actor: string | undefined;
  readonly event: string | undefined;
  /** Whether the change comes from another repository; `undefined` when that is not told. */
  readonly fromFork: boolean | undefined;
}
