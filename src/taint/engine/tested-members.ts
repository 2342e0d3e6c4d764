import { maskOf } from './category-mask.ts';
import { lacksPrototype } from './comparison.ts';
import { type Facts, factsOf } from './facts.ts';
import { ELEMENT_MEMBERS } from './idioms.ts';
import type { Label } from './label.ts';
import { isScript } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { elementFacts, hostFacts } from './member-names.ts';
import { isPrototype } from './script-prototypes.ts';
import type { Value } from './value.ts';

/** `if (found.ready)`: what has this is no text, or no prototype that every object has. */
export function memberFacts(object: Value, name: string, machine: Machine, frame: Frame): Facts | undefined {
  if (ELEMENT_MEMBERS.has(name) || lacksMember(object, name, machine, frame)) return elementFacts(object);
  const isOwn = isScript(machine, frame) && object.taint.some(isPrototype) && !(name in Function.prototype);
  return isOwn ? factsOf(lacksPrototype(object), []) : hostFacts(object, name);
}

/** Whether it is a text of a page, and texts have no such member. */
function lacksMember({ taint, name: whole = '' }: Value, name: string, machine: Machine, frame: Frame): boolean {
  if (taint.length === 0 || !isScript(machine, frame) || name in String.prototype) return false;
  const giver = whole.replace(/\(\)$/, '');
  const isText = ({ cleared, origin }: Label) => (cleared & OF_PAGE) === OF_PAGE && origin.name.startsWith(giver);
  return giver !== '' && taint.every(isText);
}

/** What texts of a page are harmless for; what a router takes apart is not. */
const OF_PAGE = maskOf(['nosql', 'sql', 'log']);
