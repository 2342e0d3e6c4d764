import { gerritSetup } from './gerrit.ts';
import { githubRulesets } from './github.ts';
import { gitlabSetup } from './gitlab.ts';
import { preReceiveHook } from './pre-receive.ts';

export interface SetupOptions {
  /** Branches that are protected: short names, or full ones as `refs/heads/main`. */
  readonly branches: readonly string[];
  /** Id of the GitHub App (or integration) whose check counts; `undefined` prints a place for it. */
  readonly integrationId: number | undefined;
  /** The command whose verdict is posted: it names the check. */
  readonly check: 'ci' | 'gate';
}

const WRITERS = {
  github: githubRulesets,
  gitlab: gitlabSetup,
  gerrit: gerritSetup,
  'pre-receive': preReceiveHook,
} as const satisfies Record<string, (options: SetupOptions) => string>;

export type SetupForge = keyof typeof WRITERS;

/** What can be set up. */
export const SETUP_FORGES: readonly string[] = Object.keys(WRITERS);

/** How a forge is made to require the gate: a file for its API, or a script. Ends with a line break. */
export function writeSetup(forge: SetupForge, options: SetupOptions): string {
  const branches = options.branches.map((branch) => branch.replace(/^refs\/heads\//, ''));
  return WRITERS[forge]({ ...options, branches });
}
