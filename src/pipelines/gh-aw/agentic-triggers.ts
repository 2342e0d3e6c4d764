import { entryOf, type Node, nodeAt, type Place, scalarsOf } from '../../syntax/index.ts';
import { eventNamed } from '../github/trigger-table.ts';
import { onNode, readTriggers } from '../github/triggers.ts';
import type { Gate, Trigger } from '../model.ts';

/**
 * Triggers of an agentic workflow source. Beside GitHub's events it knows commands, and settings that are no events.
 * Source: GitHub Agentic Workflows documentation, "Triggers" and "Roles", read 2026-11.
 */

/** Keys under `on:` that start nothing. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...['roles', 'bots', 'skip-if-match', 'skip-if-no-match', 'skip-roles', 'skip-bots', 'reaction', 'stop-after'],
  ...['manual-approval', 'status-comment', 'github-token', 'github-app', 'steps', 'permissions', 'forks', 'names'],
  ...['lock-for-agent', 'mentions', 'needs', 'skip-if-check-failing'],
]);

/** What `slash_command` listens to when it does not say. */
const COMMAND_EVENTS = [
  ...['issues', 'issue_comment', 'pull_request', 'pull_request_review_comment', 'discussion', 'discussion_comment'],
];

const LABEL_EVENTS = ['issues', 'pull_request', 'discussion'];

function expand(trigger: Trigger, body: Node | undefined): readonly Trigger[] {
  const { event } = trigger;
  if (event !== 'slash_command' && event !== 'command' && event !== 'label_command') return [trigger];
  const named = scalarsOf(nodeAt(body, 'events')).map((scalar) => scalar.text);
  const label = event === 'label_command';
  const events = named.length > 0 ? named : label ? LABEL_EVENTS : COMMAND_EVENTS;
  return events.map((name) => {
    const row = eventNamed(name);
    return {
      ...trigger,
      event: name,
      who: label ? 'member' : row.who,
      untrusted: row.untrusted,
      privileged: row.privileged,
    };
  });
}

export function readAgenticTriggers(root: Node | undefined, file: string): readonly Trigger[] {
  const on = onNode(root);
  return readTriggers(root, file)
    .filter((trigger) => !SETTINGS.has(trigger.event))
    .flatMap((trigger) => expand(trigger, entryOf(on, trigger.event)?.value));
}

/** Who may start it: the check that the compiler builds in, unless `roles: all` turns it off. */
export function readRolesGate(root: Node | undefined, file: string): Gate | undefined {
  const on = onNode(root);
  const roles = entryOf(root, 'roles') ?? entryOf(on, 'roles');
  const named = scalarsOf(roles?.value).map((scalar) => scalar.text);
  if (named.includes('all')) return undefined;
  const span = roles?.span ?? on?.span ?? { start: 0, end: 0 };
  const place: Place = { file, span };
  return { strength: 4, kind: 'built-in', spoofable: undefined, principal: 'actor', place };
}
