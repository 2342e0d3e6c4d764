import type { SetupOptions } from './write-setup.ts';

/** Nobody's id: GitHub refuses the ruleset until it is replaced, which is better than a check that anybody may post. */
const PLACEHOLDER = 0;

/**
 * A ruleset for `POST /repos/{owner}/{repo}/rulesets`; for several branches a list of them, since a check is for one
 * branch. The check is pinned to one integration: without that any app, and any workflow with `GITHUB_TOKEN`, posts a
 * green check of the same name (gate reference 2.4). Nobody bypasses it.
 * @see https://docs.github.com/rest/repos/rules
 */
export function githubRulesets(options: SetupOptions): string {
  const rulesets = options.branches.map((branch) => rulesetOf(branch, options));
  return `${JSON.stringify(rulesets.length === 1 ? rulesets[0] : rulesets, undefined, 2)}\n`;
}

function rulesetOf(branch: string, { check, integrationId }: SetupOptions) {
  return {
    name: `sallyport gate of ${branch}`,
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [],
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: 1,
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: true,
          require_last_push_approval: true,
          required_review_thread_resolution: false,
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          do_not_enforce_on_create: false,
          // A check belongs to a commit, which can be the head of other requests: its name has the target.
          required_status_checks: [
            { context: `sallyport/${check} (${branch})`, integration_id: integrationId ?? PLACEHOLDER },
          ],
        },
      },
    ],
  };
}
