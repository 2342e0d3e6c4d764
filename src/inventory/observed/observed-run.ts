import type { Verdict } from '../../ledger/index.ts';

export interface ObservedTool {
  readonly name: string;
  readonly calls: number;
  readonly denied: number;
}

/** What one ledger of `sallyport run` says happened. Names and counts only. */
export interface ObservedRun {
  /** Folder of the ledger below the one that was given. */
  readonly name: string;
  readonly verdict: Verdict;
  /** False for a ledger that was changed or cannot be checked: nothing is taken from it. */
  readonly used: boolean;
  readonly origin: string | undefined;
  readonly outcome: string | undefined;
  readonly agent: string | undefined;
  /** `vcs.repository`, `cicd.pipeline.name` and `cicd.pipeline.task.name` as the run recorded them. */
  readonly repository: string | undefined;
  readonly pipeline: string | undefined;
  readonly job: string | undefined;
  readonly hosts: readonly string[];
  readonly refusedHosts: readonly string[];
  readonly models: readonly string[];
  readonly tools: readonly ObservedTool[];
  readonly credentials: readonly string[];
  readonly files: readonly string[];
}
