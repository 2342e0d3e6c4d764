import type { SetupOptions } from './write-setup.ts';

/** The check that the gate posts. */
const CHECK_NAME = 'sallyport/gate';

/** Nobody's id: GitHub refuses the ruleset until it is replaced, which is better than a check that anybody may post. */
const PLACEHOLDER = 0;

/**
 * A ruleset for `POST /repos/{owner}/{repo}/rulesets`. The check is pinned to one integration: without that any app, and
 * any workflow with `GITHUB_TOKEN`, posts a green check of the same name (gate reference 2.4). Nobody bypasses it.
 * @see https://docs.github.com/rest/repos/rules
 */
export function githubRuleset({ branches, integrationId }: SetupOptions): string {
  const ruleset = {
    name: 'sallyport gate',
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [],
    conditions: { ref_name: { include: branches.map((branch) => `refs/heads/${branch}`), exclude: [] } },
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
          required_status_checks: [{ context: CHECK_NAME, integration_id: integrationId ?? PLACEHOLDER }],
        },
      },
    ],
  };
  return `${JSON.stringify(ruleset, undefined, 2)}\n`;
}
