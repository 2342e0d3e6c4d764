import type { SetupOptions } from './write-setup.ts';

/**
 * Settings of a GitLab project as calls of its API, each with what goes wrong without it (gate reference 2.4).
 * @see https://docs.gitlab.com/api/
 */
export function gitlabSetup({ branches, check }: SetupOptions): string {
  const project = {
    only_allow_merge_if_pipeline_succeeds: true,
    allow_merge_on_skipped_pipeline: false,
    only_allow_merge_if_all_status_checks_passed: true,
    merge_pipelines_enabled: true,
    merge_trains_enabled: true,
  };
  const approvals = {
    reset_approvals_on_push: true,
    merge_requests_author_approval: false,
    merge_requests_disable_committers_approval: true,
    disable_overriding_approvers_per_merge_request: true,
    require_reauthentication_to_approve: true,
  };
  const rows = [
    {
      call: 'PUT /projects/:id',
      body: project,
      why: 'a skipped pipeline, or a pending check, must not merge; what is tested is the merge result',
    },
    {
      call: 'POST /projects/:id/approvals',
      body: approvals,
      why: 'a new commit voids approvals; authors and committers never approve',
    },
    {
      call: 'POST /projects/:id/external_status_checks',
      body: { name: `sallyport/${check}`, external_url: 'https://sallyport.example/gate' },
      why: 'needs GitLab Ultimate; does not block by itself, and a pending one fails after two minutes',
    },
    ...branches.map((branch) => ({
      call: 'POST /projects/:id/protected_branches',
      body: {
        name: branch,
        push_access_level: 0,
        merge_access_level: 40,
        allow_force_push: false,
        code_owner_approval_required: true,
      },
      why: 'nobody pushes past the merge request',
    })),
  ];
  const checks = [
    'require_password_to_approve of a policy project took any password once (GitLab issue 461248): do not rely on it',
    'turning "status checks must succeed" off left no audit event before GitLab 18.2 (merge request 239709): audit the setting',
    'without Ultimate let a pipeline execution policy, or a pre-receive hook on your own server, run the gate',
  ];
  return `${JSON.stringify({ settings: rows, checks }, undefined, 2)}\n`;
}
