import type { ControlChange } from '../../model.ts';
import { lessThan } from '../judges/weigh.ts';
import { asks, meaningOf, wordsOf } from '../lexicon.ts';
import { clip } from '../terms/index.ts';
import { type Link, lastOf, nameLink } from './links.ts';
import type { Mark, Trail } from './trail.ts';

/** Names of what lets through. */
const OPENS = /exempt|skip|allow|anonymous|public|optional|disable|unprotected|no_|none/i;

/** Words that say nothing of what is asked. */
const GENERAL =
  /^(?:is|has|can|not|auth|authenticated?|user|req|request|get|check|require[ds]?|valid|access|in|id|the|of|\d+)$/;

/**
 * A check of a handler is gone, and before the handler came something of that name that asks for the same:
 * `if (!auth.isMaster)` in `update`, and `route('/config', requireMaster, update)`. A name is no evidence that it checks
 * the same: the row stays, one step lower, for a person to look. What the change itself writes is seen and judged, so its
 * name counts for nothing.
 */
export function settleGate(change: ControlChange, trails: readonly Trail[]): ControlChange {
  const { before } = change;
  if (before === undefined) return change;
  for (const trail of trails) {
    const lost = trail.lost.find(({ place }) => place.file === before.file && place.span.start === before.span.start);
    const gate = lost && trail.links.find((link) => isGate(link, lost, trail));
    if (gate === undefined || trails.some(({ written }) => written.has(gate.name))) continue;
    const message = `${change.message.replace(/\.$/, '')}; \`${clip(gate.name, 50)}\` came before it.`;
    return { ...change, direction: 'changed', severity: lessThan(change.severity), message };
  }
  return change;
}

function isGate(link: Link, lost: Mark, trail: Trail): boolean {
  if (link.kind !== 'before' || OPENS.test(link.name) || trail.stood.has(nameLink(link))) return false;
  if (meaningOf([link.name]) === 'none' && !asks(link.name)) return false;
  const topics = new Set(lost.sketch.flat().flatMap(wordsOf));
  return leadsHome(link, lost, trail) && wordsOf(link.name).some((word) => topics.has(word) && !GENERAL.test(word));
}

/** Before the function itself, before a route that it handles, or before one whose handler is written there and calls it. */
function leadsHome({ of, handlers }: Link, { scope }: Mark, { calls }: Trail): boolean {
  const name = lastOf(scope);
  return (
    scope !== '' &&
    (of === scope || handlers.includes(name) || calls.get(of)?.some((called) => called.name === name) === true)
  );
}
