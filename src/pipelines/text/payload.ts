import type { ValueKind } from '../value.ts';

/** Fields of webhooks that no person can fill with words, by the last name of their path. */
const KINDS: readonly (readonly [pattern: RegExp, kind: ValueKind])[] = [
  [/^(?:.*_)?(?:id|iid|number|num|count|size|position|timestamp)$/, 'number'],
  [/^(?:.*_)?(?:sha|commit_id|checkout_sha|hash)$/, 'sha'],
  [/^(?:.*_)?(?:action|state|status|event|object_kind|event_type|visibility|created_at|updated_at)$/, 'enumeration'],
  [/^(?:draft|merged|locked|private|fork|work_in_progress|confidential)$/, 'boolean'],
  [/^(?:.*_)?(?:login|username|slug)$/, 'login'],
  [/^(?:.*_)?(?:ref|branch)$/, 'ref'],
];

/**
 * What a field of a webhook's body can hold: `$.comment.body` is text, `issue.number` a number. The words are those of
 * the webhooks of GitHub, GitLab, Gitea, Bitbucket and Azure DevOps; a field of another name is taken for text.
 */
export function payloadKind(path: string): ValueKind {
  const last = path
    .replace(/\[[^\]]{0,200}\]/g, '')
    .split(/[./]/)
    .findLast((name) => name !== '' && name !== '$');
  const name = (last ?? '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'text';
}
