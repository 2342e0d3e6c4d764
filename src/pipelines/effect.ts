import type { Place } from '../syntax/index.ts';
import type { TemplateText } from './value.ts';

/** Which tree a checkout puts on disk. */
export type TreeProvenance =
  /** The protected branch, or the ref of a push to it. */
  | 'base'
  /** Content an outsider wrote: head or merge of a pull request, also by SHA, `gh pr checkout` or `git fetch pull/`. */
  | 'pull-request'
  | 'other-repository'
  | 'unknown';

/** Credentials by what they open. */
export type CredentialClass =
  | 'model-key'
  | 'forge-token'
  | 'personal-token'
  | 'cloud'
  | 'registry'
  | 'deploy'
  | 'signing'
  | 'kubernetes'
  | 'other';

/**
 * What a step does to the world, in one vocabulary for every platform: read from the action's schema or from the
 * commands of its script. Rules look at effects, never at action names.
 */
export type Effect = { readonly place: Place; readonly certainty: 'certain' | 'possible' } & (
  | {
      readonly kind: 'checkout';
      readonly tree: TreeProvenance;
      /** Undefined: the platform's default. */
      readonly ref: TemplateText | undefined;
      /** Events in which the platform's default is the change; in every other one it is the base. */
      readonly changeOn?: readonly string[];
      /** `git fetch` alone: no file changes until a later command lays it out. */
      readonly fetchOnly?: boolean;
      /** Only the name of a branch, looked up in this repository: what a fork calls so is not found. */
      readonly ownBranch?: boolean;
      readonly persistsCredentials: boolean;
      readonly submodules: boolean;
      /** Name of the secret that authenticates it, when not the job's own token. */
      readonly token: string | undefined;
      readonly path: string | undefined;
    }
  /** Runs what the tree says: package scripts, make, test runners, local scripts. */
  | {
      readonly kind: 'build';
      readonly tool: string;
      readonly installs: boolean;
      readonly lifecycleScripts: boolean;
      readonly locked: boolean;
    }
  /** Installs a package or program from elsewhere. */
  | {
      readonly kind: 'install';
      readonly ecosystem: string;
      readonly name: string | undefined;
      readonly version: string | undefined;
      readonly pipedToShell: boolean;
    }
  | { readonly kind: 'cache'; readonly mode: 'restore' | 'save' | 'both'; readonly key: string | undefined }
  | { readonly kind: 'artifact-upload'; readonly paths: readonly string[]; readonly name: string | undefined }
  | { readonly kind: 'artifact-download'; readonly otherRun: boolean; readonly name: string | undefined }
  | { readonly kind: 'login'; readonly to: CredentialClass; readonly keyless: boolean }
  /** Mints a token with more rights than the job's, for instance of a GitHub App. */
  | { readonly kind: 'mint-token'; readonly output: string | undefined; readonly scopes: readonly string[] | undefined }
  | { readonly kind: 'egress-control'; readonly mode: 'block' | 'audit'; readonly hosts: readonly string[] }
  | {
      readonly kind: 'push' | 'merge' | 'approve' | 'comment' | 'label' | 'create-pull-request' | 'dispatch';
      readonly what: string;
    }
  | { readonly kind: 'publish' | 'release' | 'deploy' | 'sign'; readonly what: string }
  /** git run in the tree, which obeys `.git/config` and hooks. */
  | { readonly kind: 'git'; readonly subcommand: string; readonly guarded: boolean }
  /** Fetches text that outsiders write: issues, comments, diffs, logs of runs. */
  | {
      readonly kind: 'fetch-text';
      readonly what: 'issue' | 'pull-request' | 'comment' | 'run-log' | 'tracker' | 'web';
      readonly to: string | undefined;
    }
  | {
      readonly kind: 'download';
      readonly url: string | undefined;
      readonly executed: boolean;
      readonly verified: boolean;
    }
  | { readonly kind: 'clone'; readonly url: string | undefined; readonly pinned: boolean }
  | { readonly kind: 'upload'; readonly url: string | undefined }
  /**
   * Writes a later step's environment (GITHUB_ENV, GITHUB_PATH, GITHUB_OUTPUT, `##vso[task.setvariable]`, dotenv
   * reports) or the page that shows the run (GITHUB_STEP_SUMMARY).
   */
  | {
      readonly kind: 'set-environment';
      readonly target: 'env' | 'path' | 'output' | 'summary';
      readonly name: string | undefined;
      readonly value: string | undefined;
      /** The value has several lines and ends at a mark that nobody can guess: it stays one value. */
      readonly guarded?: boolean;
    }
  | { readonly kind: 'evaluate'; readonly what: string }
  | {
      readonly kind: 'container';
      readonly privileged: boolean;
      readonly mounts: readonly string[];
      readonly image: string | undefined;
    }
  | { readonly kind: 'permission-check'; readonly what: string }
  | { readonly kind: 'write-secret-file'; readonly path: string }
  | { readonly kind: 'cleanup'; readonly what: string }
  /** A command whose meaning nobody here knows is no effect; a local script that could not be followed is. */
  | { readonly kind: 'unfollowed'; readonly what: string }
);
