import type { Expression } from '../../code/index.ts';
import { allExpressionsOf, allStatementsOf } from '../code-walk.ts';
import { type AddedCode, type Call, calledName } from './added-code.ts';
import { namesIn, type Placed, partsBelow, writtenText } from './spot.ts';

const PERMITTED_LIST = /allow|permit|trust|white|safe|valid|known|accept/i;
const ADDRESS = /ur[il]|link|href|redirect|target|dest|location|host|origin|domain|referr?er|next|return|^to$/i;

/** Whether a name says that what it holds is an address, or the host of one. */
export function isAddressName(name: string): boolean {
  return ADDRESS.test(name) && !PERMITTED_LIST.test(name);
}

/**
 * A new search for an entry of a list of permitted addresses inside of an address: `https://evil.test/?x=https://acme.test`
 * holds one (CWE-601, CWE-918). At the beginning it is one only where the entry ends the host with a slash.
 */
export function addressesByPart(code: AddedCode): Placed | undefined {
  const entries = entriesOfLists(code);
  return searchesIn(code).find(({ inside, sought, atStart }) => {
    const list = [...namesIn([sought])].map((name) => entries.get(name)).find((known) => known !== undefined);
    const isAddress = [...namesIn([inside]), lastName(inside)].some((name) => ADDRESS.test(name));
    if (!list || !isAddress || [...namesIn([inside])].some((name) => entries.has(name))) return false;
    return !atStart || endsInHost(list, code);
  })?.sought;
}

interface Search {
  readonly inside: Expression;
  readonly sought: Expression;
  readonly atStart: boolean;
}

function searchesIn({ calls, after, isNew }: AddedCode): readonly Search[] {
  const called = calls.flatMap((call) => searchOf(call));
  if (after.language !== 'python') return called;
  const written = allExpressionsOf(after).flatMap((value) => {
    if (value.kind !== 'binary' || value.operator !== 'in' || !isNew(value.place)) return [];
    return [{ inside: value.right, sought: value.left, atStart: false }];
  });
  return [...called, ...written];
}

function searchOf(call: Call): readonly Search[] {
  const name = calledName(call) ?? '';
  const [first, second] = call.arguments.map(({ value }) => value);
  if (call.callee.kind !== 'member' || !first) return [];
  // Go's are functions of a package.
  if (/^(?:Contains|HasPrefix)$/.test(name) && second)
    return [{ inside: first, sought: second, atStart: name === 'HasPrefix' }];
  if (name === 'test' && call.callee.object.kind === 'call') return patternFrom(call.callee.object, first);
  if (!/^(?:includes|indexOf|contains|find|search|match|startsWith|startswith)$/.test(name)) return [];
  return [{ inside: call.callee.object, sought: first, atStart: /^startswith$/i.test(name) }];
}

/** `new RegExp(entry).test(url)`. */
function patternFrom(made: Call, inside: Expression): readonly Search[] {
  const [sought] = made.arguments.map(({ value }) => value);
  return calledName(made) === 'RegExp' && sought?.kind === 'name' ? [{ inside, sought, atStart: false }] : [];
}

/** Names of single entries, by the list that they are of. */
function entriesOfLists({ after }: AddedCode): ReadonlyMap<string, Expression> {
  const entries = new Map<string, Expression>();
  const note = (targets: readonly Placed[], list: Expression): void => {
    const isPermitted = [...namesIn([list]), lastName(list)].some((name) => PERMITTED_LIST.test(name));
    if (isPermitted) for (const name of namesIn(targets)) entries.set(name, list);
  };
  for (const statement of allStatementsOf(after))
    if (statement.kind === 'loop' && statement.each) note([statement.each.target], statement.each.of);
  for (const value of allExpressionsOf(after)) {
    if (value.kind === 'comprehension') for (const { target, of } of value.clauses) note([target], of);
    const handed = value.kind === 'call' ? value.arguments[0]?.value : undefined;
    if (value.kind !== 'call' || value.callee.kind !== 'member' || handed?.kind !== 'function') continue;
    const [entry] = handed.function.parameters;
    if (entry && EACH.test(value.callee.name)) note([entry.target], value.callee.object);
  }
  return entries;
}

const EACH = /^(?:some|every|find|filter|forEach|any|anyMatch)$/;

function lastName(value: Expression): string {
  return value.kind === 'member' || value.kind === 'name' ? value.name : '';
}

/** Whether the file says that an entry of the list is a host without an end. */
function endsInHost(list: Expression, { assignments }: AddedCode): boolean {
  const names = namesIn([list]);
  const given = assignments.filter(({ target }) => [...namesIn([target])].some((name) => names.has(name)));
  return partsBelow([list, ...given.map(({ value }) => value)]).some((part) =>
    /^https?:\/\/[^/]+$/.test(writtenText(part) ?? ''),
  );
}
