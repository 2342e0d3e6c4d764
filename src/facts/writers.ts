import type { Actor, Gate } from '../pipelines/index.ts';
import type { StartWay, UntrustedSource } from './model.ts';
import type { Start } from './start.ts';

/** Whoever can cause the run can usually write its texts; issues and pull requests are open to anyone where one trigger is. */
export function writerOf(start: Start): Actor {
  return start.triggers.some(({ untrusted, privileged }) => untrusted && privileged) ? 'anyone' : start.startedBy;
}

/** Events that bring texts of outsiders and never a pull request. */
const WITHOUT_CHANGE: ReadonlySet<string> = new Set([
  'issues',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'watch',
  'webhook',
]);

/** Those whose text comes with the one event that they cause. */
const OWN_TEXT: ReadonlySet<string> = new Set(['comment-author', 'review-author', 'repository-reader']);

/** What a check of its author makes as trustworthy as the author. */
const CHECKED: Readonly<Record<string, RegExp>> = {
  'comment-author': /\bcomment\b/,
  'review-author': /\breview\b/,
  // Who reads a private repository was let in; the other ways of such a condition are at least as strong.
  'repository-reader': /\b(?:comment|review)\b/,
  'issue-author': /\bevent\.issue\.(?:title|body)\b/,
  'pull-request-author': /\bevent\.pull_request\.(?:title|body|head)\b|\bhead_ref\b|of the pull request$/,
  'same-repository': /\bevent\.pull_request\.(?:title|body|head)\b|\bhead_(?:ref|branch)\b|of the pull request$/,
};

interface OwnWords {
  readonly event: string;
  /** With any other type somebody else may have written the text: a member who edits or deletes a stranger's comment. */
  readonly types: readonly string[];
  readonly text: RegExp;
}

/** Events whose actor wrote the text that comes with them. Source: GitHub documentation, "Webhook events and payloads". */
const OWN_WORDS: readonly OwnWords[] = [
  { event: 'issue_comment', types: ['created'], text: /\bevent\.comment\b/ },
  { event: 'pull_request_review_comment', types: ['created'], text: /\bevent\.comment\b/ },
  { event: 'discussion_comment', types: ['created'], text: /\bevent\.comment\b/ },
  { event: 'pull_request_review', types: ['submitted'], text: /\bevent\.review\b/ },
  { event: 'issues', types: ['opened'], text: /\bevent\.issue\.(?:title|body)\b/ },
  { event: 'discussion', types: ['created'], text: /\bevent\.discussion\.(?:title|body)\b/ },
  { event: 'pull_request', types: ['opened'], text: /\bevent\.pull_request\.(?:title|body)\b/ },
  { event: 'pull_request_target', types: ['opened'], text: /\bevent\.pull_request\.(?:title|body)\b/ },
];

/** Whoever did what the event says; who started the run again is somebody else. */
const ACTORS: ReadonlySet<string> = new Set(['actor', 'sender']);

/** A check that the pipeline itself writes; what an action checks changes with its version and its inputs. */
function asksTheActor({ kind, strength, spoofable, principal }: Gate): boolean {
  return kind !== 'built-in' && strength >= 3 && spoofable === undefined && ACTORS.has(principal ?? '');
}

/** Is the text, by each way on which it comes, that of somebody whose rights were asked for? */
function isOwnText({ what }: Pick<UntrustedSource, 'what'>, ways: readonly StartWay[]): boolean {
  const rows = OWN_WORDS.filter(({ text }) => text.test(what));
  const bringing = ways.filter(({ trigger: { event } }) => rows.some((row) => row.event === event));
  return (
    bringing.length > 0 &&
    bringing.every(({ trigger: { event, types }, gates }) => {
      const row = rows.find((one) => one.event === event);
      const own = types.length > 0 && types.every(({ value }) => row?.types.includes(value) === true);
      return own && gates.some(asksTheActor);
    })
  );
}

/**
 * A comment whose author was checked is as trustworthy as the author; the issue above it is not.
 * @param writer who else can write the texts of this run
 */
export function narrowed(source: Pick<UntrustedSource, 'what' | 'channel'>, start: Start, writer: Actor): Actor {
  const brings = start.triggers.filter(({ event, untrusted }) => untrusted && !WITHOUT_CHANGE.has(event));
  const change = source.channel === 'tree' || source.channel === 'instructions';
  // Runs of forks have no secrets, so only a member's change meets an agent that works.
  if (change && writer === 'anyone' && brings.length > 0 && brings.every(({ privileged }) => !privileged))
    return 'member';
  if (isOwnText(source, start.ways)) return 'member';
  const checked = start.gates.some(({ strength, kind, principal, spoofable }) => {
    if (strength < 3 || spoofable !== undefined) return false;
    // With several events, one may bring a text that the check of another does not speak of.
    if (start.triggers.length > 1 && !OWN_TEXT.has(principal ?? '')) return false;
    return CHECKED[kind === 'same-repository' ? kind : (principal ?? '')]?.test(source.what) ?? false;
  });
  return checked ? 'member' : writer;
}
