/** Variables in which CI systems name the protected branch a change asks to be merged into. */
const TARGET_BRANCH_VARIABLES = [
  { variable: 'GITHUB_BASE_REF', system: 'GitHub Actions' },
  { variable: 'CI_MERGE_REQUEST_TARGET_BRANCH_NAME', system: 'GitLab CI' },
  { variable: 'CHANGE_TARGET', system: 'Jenkins' },
  { variable: 'SYSTEM_PULLREQUEST_TARGETBRANCH', system: 'Azure Pipelines' },
] as const;

export interface BaseRef {
  /** Refs to try, best first. Full names where a CI system names the branch: a tag can be called `origin/main`. */
  readonly candidates: readonly string[];
  /** How it was found, for the report. */
  readonly origin: string;
  /** True when it must exist: a change under test must not fall back to its own version of the policy. */
  readonly required: boolean;
}

/**
 * The protected ref from which policy and agent configuration come (DESIGN §3.4). On a pull request it is the target
 * branch, never the head; only where no change is under test is it HEAD.
 */
export function findBaseRef(
  asked: string | undefined,
  environment: { readonly [name: string]: string | undefined },
): BaseRef {
  if (asked !== undefined) return { candidates: [asked], origin: `--base ${asked}`, required: true };
  for (const { variable, system } of TARGET_BRANCH_VARIABLES) {
    const branch = environment[variable]?.replace(/^refs\/heads\//, '');
    if (branch)
      return {
        candidates: [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`],
        origin: `${variable} (${system})`,
        required: true,
      };
  }
  return { candidates: ['HEAD'], origin: 'HEAD (no change is under test)', required: false };
}
