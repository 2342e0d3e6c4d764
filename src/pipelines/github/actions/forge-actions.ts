import { CHECK_ACTIONS } from '../permission-checks.ts';
import { type ActionRow, type ActionUse, type EffectBody, inputEntry, inputText, isOn } from './action-use.ts';

/**
 * Actions that change the forge or bring its texts in.
 *
 * Inputs and outputs of these rows were compared with the newest `action.yml` (or README, where that declares no
 * outputs) at hand on 2026-11-21: release-please-action, goreleaser-action, changesets, changed-files, paths-filter,
 * branch-names, jitterbit/get-changed-files, xt0rted/pull-request-comment-branch, find-comment, action-regex-match,
 * octokit/request-action, octokit/graphql-action, gh-get-current-pr, gh-find-current-pr, get-workflow-origin,
 * github-issue-parser. The other rows say what the action is for; the outputs that some of them name are from general
 * knowledge and were not read.
 */

/** Actions that always do the same. */
function always(actions: readonly string[], ...effects: readonly EffectBody[]): ActionRow {
  return { actions, effects: () => effects };
}

/** Outputs that hold what an outsider wrote. */
function yields(
  what: 'issue' | 'pull-request' | 'comment' | 'web',
  ...outputs: readonly string[]
): readonly EffectBody[] {
  return outputs.map((output) => ({ kind: 'fetch-text', what, to: `outputs.${output}` }));
}

function releasePlease(use: ActionUse): readonly EffectBody[] {
  const pulls: EffectBody = { kind: 'create-pull-request', what: 'release pull request' };
  const release: EffectBody = { kind: 'release', what: 'GitHub release' };
  return [
    ...(isOn(use, 'skip-github-pull-request') ? [] : [pulls]),
    ...(isOn(use, 'skip-github-release') ? [] : [release]),
  ];
}

const RELEASE = { kind: 'release', what: 'GitHub release' } as const;
const PUSH = { kind: 'push', what: 'commit' } as const;
const GIT = { kind: 'git', subcommand: 'commit', guarded: false } as const;

export const CHANGE_ACTIONS: readonly ActionRow[] = [
  always(['peter-evans/create-pull-request'], GIT, PUSH, { kind: 'create-pull-request', what: 'pull request' }),
  always(['stefanzweifel/git-auto-commit-action', 'endbug/add-and-commit', 'ad-m/github-push-action'], GIT, PUSH),
  always(['planetscale/ghcommit-action', 'devops-infra/action-commit-push', 'github-actions-x/commit'], GIT, PUSH),
  always(['hmarr/auto-approve-action', 'juliangruber/approve-pull-request-action'], {
    kind: 'approve',
    what: 'pull request',
  }),
  always(
    [
      ...[
        'pascalgn/automerge-action',
        'peter-evans/enable-pull-request-automerge',
        'fastify/github-action-merge-dependabot',
      ],
      ...['ahmadnassri/action-dependabot-auto-merge', 'alexwilson/enable-github-automerge-action'],
    ],
    { kind: 'merge', what: 'pull request' },
  ),
  always(
    [
      ...['peter-evans/create-or-update-comment', 'thollander/actions-comment-pull-request', 'mshick/add-pr-comment'],
      ...['marocchino/sticky-pull-request-comment', 'edumserrano/find-create-or-update-comment'],
    ],
    { kind: 'comment', what: 'issue or pull request' },
  ),
  always(['actions/labeler', 'actions-ecosystem/action-add-labels', 'github/issue-labeler', 'andymckay/labeler'], {
    kind: 'label',
    what: 'issue or pull request',
  }),
  always(
    ['actions/stale'],
    { kind: 'comment', what: 'issue or pull request' },
    { kind: 'label', what: 'issue or pull request' },
  ),
  always(['actions/first-interaction', 'jasonetco/create-an-issue'], { kind: 'comment', what: 'issue' }),
  always(['peter-evans/repository-dispatch', 'benc-uk/workflow-dispatch', 'the-actions-org/workflow-dispatch'], {
    kind: 'dispatch',
    what: 'workflow',
  }),
  {
    actions: CHECK_ACTIONS,
    effects: () => [{ kind: 'permission-check', what: 'rights of the person who started the run' }],
  },
];

export const RELEASE_ACTIONS: readonly ActionRow[] = [
  always(
    [
      'softprops/action-gh-release',
      'ncipollo/release-action',
      'actions/create-release',
      'actions/upload-release-asset',
    ],
    RELEASE,
  ),
  always(
    ['svenstaro/upload-release-action', 'marvinpinto/action-automatic-releases', 'release-drafter/release-drafter'],
    RELEASE,
  ),
  {
    actions: ['googleapis/release-please-action', 'google-github-actions/release-please-action'],
    effects: releasePlease,
  },
  always(['cycjimmy/semantic-release-action', 'codfish/semantic-release-action'], RELEASE, {
    kind: 'publish',
    what: 'package',
  }),
  {
    actions: ['goreleaser/goreleaser-action'],
    effects: (use) =>
      !isOn(use, 'install-only') &&
      inputText(use, 'args')?.includes('release') &&
      !inputText(use, 'args')?.includes('--snapshot')
        ? [RELEASE]
        : [],
  },
  {
    actions: ['changesets/action'],
    effects: (use) => [
      { kind: 'create-pull-request', what: 'version pull request' },
      // The input is `publish` up to version 1 and `publish-script` from version 2 on.
      ...(isOn(use, 'publish') || isOn(use, 'publish-script') ? [{ kind: 'publish', what: 'package' } as const] : []),
    ],
  },
  always(['pypa/gh-action-pypi-publish', 'js-devtools/npm-publish', 'rubygems/release-gem'], {
    kind: 'publish',
    what: 'package',
  }),
  always(['gradle/publish-plugin', 'katyo/publish-crates', 'haaleo/publish-vscode-extension'], {
    kind: 'publish',
    what: 'package',
  }),
  always(
    [
      ...['peaceiris/actions-gh-pages', 'jamesives/github-pages-deploy-action', 'actions/deploy-pages'],
      ...['cloudflare/wrangler-action', 'cloudflare/pages-action', 'amondnet/vercel-action', 'nwtgck/actions-netlify'],
      ...[
        'azure/webapps-deploy',
        'azure/functions-action',
        'azure/k8s-deploy',
        'google-github-actions/deploy-cloudrun',
      ],
      ...['google-github-actions/deploy-appengine', 'aws-actions/amazon-ecs-deploy-task-definition'],
      ...['aws-actions/aws-cloudformation-github-deploy', 'appleboy/ssh-action', 'appleboy/scp-action'],
      ...['firebaseextended/action-hosting-deploy', 'easingthemes/ssh-deploy', 'burnett01/rsync-deployments'],
    ],
    { kind: 'deploy', what: 'service or site' },
  ),
  always(
    [
      ...['actions/attest', 'actions/attest-build-provenance', 'actions/attest-sbom'],
      ...['sigstore/gh-action-sigstore-python', 'azure/trusted-signing-action', 'azure/artifact-signing-action'],
    ],
    { kind: 'sign', what: 'artifact' },
  ),
];

const MATCH_GROUPS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((group) => `group${group}`);

export const TEXT_ACTIONS: readonly ActionRow[] = [
  {
    actions: ['tj-actions/changed-files', 'step-security/changed-files'],
    effects: () =>
      yields(
        'pull-request',
        ...[
          'all_changed_files',
          'all_modified_files',
          'all_changed_and_modified_files',
          'added_files',
          'modified_files',
        ],
        ...['copied_files', 'deleted_files', 'renamed_files', 'type_changed_files', 'unmerged_files', 'unknown_files'],
        ...['other_changed_files', 'other_modified_files', 'other_deleted_files', 'all_old_new_renamed_files'],
      ),
  },
  {
    actions: ['dorny/paths-filter'],
    // Names of the files are among the outputs only where they are asked for.
    effects: (use) =>
      isOn(use, 'list-files') && inputText(use, 'list-files') !== 'none' ? yields('pull-request', '*_files') : [],
  },
  {
    actions: ['tj-actions/branch-names'],
    effects: () => yields('pull-request', 'current_branch', 'head_ref_branch', 'ref_branch'),
  },
  {
    actions: ['jitterbit/get-changed-files'],
    effects: () =>
      yields('pull-request', 'all', 'added', 'modified', 'removed', 'renamed', 'added_modified', 'deleted'),
  },
  {
    actions: ['trilom/file-changes-action', 'lots0logs/gh-action-get-changed-files'],
    effects: () => yields('pull-request', 'all', 'added', 'modified', 'files'),
  },
  {
    actions: ['xt0rted/pull-request-comment-branch', 'alessbell/pull-request-comment-branch'],
    effects: () => yields('pull-request', 'head_ref'),
  },
  { actions: ['peter-evans/find-comment'], effects: () => yields('comment', 'comment-body') },
  {
    actions: ['actions-ecosystem/action-regex-match'],
    effects: (use) => {
      const text = inputEntry(use, 'text');
      const outside = text !== undefined && use.resolve(text.value).some(({ origin }) => origin === 'outsider');
      return outside ? yields('comment', 'match', ...MATCH_GROUPS) : [];
    },
  },
  { actions: ['octokit/request-action', 'octokit/graphql-action'], effects: () => yields('issue', 'data') },
  {
    actions: ['8bitjonny/gh-get-current-pr'],
    effects: () => yields('pull-request', 'pr', 'pr_title', 'pr_body', 'pr_labels'),
  },
  { actions: ['jwalton/gh-find-current-pr'], effects: () => yields('pull-request', 'title', 'body') },
  {
    actions: ['potiuk/get-workflow-origin'],
    effects: () => yields('pull-request', 'sourceHeadBranch', 'sourceHeadRepo'),
  },
  {
    actions: ['stefanbuck/github-issue-parser', 'peter-murray/issue-body-parser-action'],
    effects: () => yields('issue', 'jsonString', 'payload', '*'),
  },
];
