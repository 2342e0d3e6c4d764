import type { Actor } from '../model.ts';
import { carriesText } from '../text/names.ts';
import { type KnownVariable, SET } from './rule-expression.ts';

/** A way a pipeline starts (GitLab documentation, "CI/CD pipeline sources"). */
export interface EventRow {
  /** Value of `$CI_PIPELINE_SOURCE`; a tag is a push with `$CI_COMMIT_TAG`. */
  readonly event: string;
  readonly source: string;
  readonly who: Actor;
  readonly untrusted: boolean;
  readonly on: 'branch' | 'tag' | 'merge-request' | 'external';
  /** Word of `only:` and `except:`. */
  readonly keyword: string;
  /** So rare that only a file which names it is taken to run for it. */
  readonly rare?: true;
}

/**
 * A merge request of a fork brings its title, text and code; its pipeline has the project's variables once a member
 * starts it in the parent project, and nobody outside can, so the actor is a member and the content is not trusted.
 */
export const EVENTS: readonly EventRow[] = [
  { event: 'push', source: 'push', who: 'member', untrusted: false, on: 'branch', keyword: 'pushes' },
  { event: 'tag', source: 'push', who: 'member', untrusted: false, on: 'tag', keyword: 'tags' },
  {
    event: 'merge_request_event',
    source: 'merge_request_event',
    who: 'member',
    untrusted: true,
    on: 'merge-request',
    keyword: 'merge_requests',
  },
  { event: 'schedule', source: 'schedule', who: 'schedule', untrusted: false, on: 'branch', keyword: 'schedules' },
  { event: 'web', source: 'web', who: 'member', untrusted: false, on: 'branch', keyword: 'web' },
  { event: 'api', source: 'api', who: 'other-pipeline', untrusted: true, on: 'branch', keyword: 'api' },
  { event: 'trigger', source: 'trigger', who: 'other-pipeline', untrusted: true, on: 'branch', keyword: 'triggers' },
  {
    event: 'pipeline',
    source: 'pipeline',
    who: 'other-pipeline',
    untrusted: false,
    on: 'branch',
    keyword: 'pipelines',
  },
  { event: 'chat', source: 'chat', who: 'member', untrusted: false, on: 'branch', keyword: 'chat', rare: true },
  {
    event: 'external_pull_request_event',
    source: 'external_pull_request_event',
    who: 'anyone',
    untrusted: true,
    on: 'external',
    keyword: 'external_pull_requests',
    rare: true,
  },
];

const FLAGS = { 'merge-request': 'CI_MERGE_REQUEST_', external: 'CI_EXTERNAL_PULL_REQUEST_' } as const;

/** What every pipeline has (GitLab documentation, "Predefined CI/CD variables"). */
const ALWAYS_SET =
  /^CI(?:_DEFAULT_BRANCH|_PROJECT_(?:ID|NAME|NAMESPACE|PATH|URL)|_COMMIT_(?:SHA|SHORT_SHA|REF_NAME|REF_SLUG)|_PIPELINE_I?ID)?$/;

/** What every pipeline of a merge request has; labels, milestone and the like may be missing. */
const OF_MERGE_REQUEST =
  /^CI_MERGE_REQUEST_(?:I?ID|PROJECT_(?:ID|PATH|URL)|SOURCE_(?:BRANCH_NAME|PROJECT_ID|PROJECT_PATH|PROJECT_URL)|TARGET_BRANCH_NAME|TITLE|EVENT_TYPE|REF_PATH)$/;

/** What a pipeline of this event knows about its variables before it runs; `defined` are those of the file itself. */
export function knownFor(row: EventRow, defined: (name: string) => string | undefined): KnownVariable {
  return (name) => {
    if (name === 'CI_PIPELINE_SOURCE') return row.source;
    if (name === 'CI_OPEN_MERGE_REQUESTS') return undefined;
    if (name.startsWith(FLAGS['merge-request'])) {
      if (row.on !== 'merge-request') return null;
      return OF_MERGE_REQUEST.test(name) ? SET : undefined;
    }
    if (name.startsWith(FLAGS.external)) return row.on === 'external' ? undefined : null;
    if (name === 'CI_COMMIT_TAG') return row.on === 'tag' ? SET : null;
    if (name === 'CI_COMMIT_BRANCH') return row.on === 'branch' ? SET : null;
    if (ALWAYS_SET.test(name)) return SET;
    if (name.startsWith('CI_')) return undefined;
    // What starts a pipeline from outside can set any variable, whatever the file says.
    if (row.event === 'trigger' || row.event === 'api' || row.event === 'web') return undefined;
    // Nobody keeps a comment or the sign of a webhook among the settings of the project.
    return defined(name) ?? (carriesText(name) || /(?:^|_)TRIGGER(?:ED)?(?:_|$)/.test(name) ? null : undefined);
  };
}
