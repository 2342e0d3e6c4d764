import type { Actor } from '../model.ts';

/**
 * What each event means: who can cause it without anybody's consent, whether it brings an outsider's text or code, and
 * whether the run has the repository's secrets then. Source: GitHub documentation, "Events that trigger workflows" and
 * "Approving workflow runs from forks", read 2026-11.
 */
export interface EventRow {
  readonly event: string;
  readonly who: Actor;
  readonly untrusted: boolean;
  readonly privileged: boolean;
  /** Activity types that need at least triage rights: with no other type listed, a member starts it. */
  readonly memberTypes?: readonly string[];
}

const CURATION = [
  ...['labeled', 'unlabeled', 'assigned', 'unassigned', 'milestoned', 'demilestoned', 'locked', 'unlocked'],
  ...['pinned', 'unpinned', 'transferred', 'deleted', 'review_requested', 'review_request_removed', 'enqueued'],
  ...['dequeued', 'auto_merge_enabled', 'auto_merge_disabled', 'typed', 'untyped'],
];

const EVENTS: readonly EventRow[] = [
  // A fork's run has a read-only token and no secrets.
  { event: 'pull_request', who: 'anyone', untrusted: true, privileged: false, memberTypes: CURATION },
  { event: 'pull_request_target', who: 'anyone', untrusted: true, privileged: true, memberTypes: CURATION },
  { event: 'issues', who: 'anyone', untrusted: true, privileged: true, memberTypes: CURATION },
  { event: 'issue_comment', who: 'anyone', untrusted: true, privileged: true },
  { event: 'discussion', who: 'anyone', untrusted: true, privileged: true, memberTypes: CURATION },
  { event: 'discussion_comment', who: 'anyone', untrusted: true, privileged: true },
  // Anybody may review a pull request of the repository itself, whose run is privileged.
  { event: 'pull_request_review', who: 'anyone', untrusted: true, privileged: true, memberTypes: ['dismissed'] },
  { event: 'pull_request_review_comment', who: 'anyone', untrusted: true, privileged: true },
  { event: 'pull_request_comment', who: 'anyone', untrusted: true, privileged: true },
  { event: 'fork', who: 'anyone', untrusted: true, privileged: true },
  { event: 'watch', who: 'anyone', untrusted: false, privileged: true },
  { event: 'gollum', who: 'anyone', untrusted: true, privileged: true },
  { event: 'workflow_run', who: 'other-pipeline', untrusted: true, privileged: true },
  { event: 'check_run', who: 'other-pipeline', untrusted: true, privileged: true },
  { event: 'check_suite', who: 'other-pipeline', untrusted: true, privileged: true },
  { event: 'status', who: 'other-pipeline', untrusted: true, privileged: true },
  { event: 'repository_dispatch', who: 'other-pipeline', untrusted: true, privileged: true },
  { event: 'deployment', who: 'member', untrusted: false, privileged: true },
  { event: 'deployment_status', who: 'member', untrusted: false, privileged: true },
  { event: 'workflow_call', who: 'other-pipeline', untrusted: false, privileged: true },
  { event: 'workflow_dispatch', who: 'member', untrusted: false, privileged: true },
  { event: 'push', who: 'member', untrusted: false, privileged: true },
  { event: 'create', who: 'member', untrusted: false, privileged: true },
  { event: 'delete', who: 'member', untrusted: false, privileged: true },
  { event: 'merge_group', who: 'member', untrusted: false, privileged: true },
  { event: 'label', who: 'member', untrusted: false, privileged: true },
  { event: 'milestone', who: 'member', untrusted: false, privileged: true },
  { event: 'project', who: 'member', untrusted: false, privileged: true },
  { event: 'project_card', who: 'member', untrusted: false, privileged: true },
  { event: 'project_column', who: 'member', untrusted: false, privileged: true },
  { event: 'release', who: 'member', untrusted: false, privileged: true },
  { event: 'page_build', who: 'member', untrusted: false, privileged: true },
  { event: 'registry_package', who: 'member', untrusted: false, privileged: true },
  { event: 'branch_protection_rule', who: 'maintainer', untrusted: false, privileged: true },
  { event: 'public', who: 'maintainer', untrusted: false, privileged: true },
  { event: 'image_version', who: 'maintainer', untrusted: false, privileged: true },
  { event: 'schedule', who: 'schedule', untrusted: false, privileged: true },
];

const BY_NAME: ReadonlyMap<string, EventRow> = new Map(EVENTS.map((row) => [row.event, row]));

/** The row of an event; one that nobody knows counts as open to everybody. */
export function eventNamed(event: string): EventRow {
  return BY_NAME.get(event) ?? { event, who: 'anyone', untrusted: true, privileged: true };
}
