import type { Place } from '../../../syntax/index.ts';
import { EVERYTHING, maskOf } from '../category-mask.ts';
import { type Refinement, refinement } from '../facts.ts';
import { listObject, mapObject } from '../heap-object.ts';
import { clearLabels } from '../label.ts';
import type { Frame, Machine } from '../machine.ts';
import { readMember } from '../members.ts';
import { objectValue, taintedValue, UNKNOWN, type Value } from '../value.ts';

/** What a schema says of a value that it has accepted. Never changed in place. */
export interface Shape {
  /** Categories for which the value as a whole is harmless. */
  readonly clears: number;
  /** Of an object: what each of its members is. */
  readonly members: ReadonlyMap<string, Shape> | undefined;
  /** Of a list: what each of its elements is. */
  readonly element: Shape | undefined;
  /** Whether members that it does not name are taken away or refused. */
  readonly closed: boolean;
  /** Of a check of one part of a request: where that is, `['query', 'id']`. */
  readonly at: readonly string[] | undefined;
}

/** Says nothing. */
export const ANYTHING: Shape = { clears: 0, members: undefined, element: undefined, closed: false, at: undefined };

/** A test of the form of a text does not make a value the server's own. */
export const ONE_OF_KNOWN: Shape = { ...ANYTHING, clears: EVERYTHING & ~maskOf(['session']) };

/** A text is no operator of a database. */
export const TEXT: Shape = { ...ANYTHING, clears: maskOf(['nosql']) };

export function objectShape(members: ReadonlyMap<string, Shape>, closed: boolean): Shape {
  return { ...ANYTHING, members, closed };
}

/** A value that is of both. */
export function bothShapes(left: Shape, right: Shape): Shape {
  return {
    clears: left.clears | right.clears,
    members: left.members || right.members ? joinMembers(left.members, right.members) : undefined,
    element: right.element ?? left.element,
    closed: left.closed && right.closed,
    at: left.at ?? right.at,
  };
}

function joinMembers(left: Shape['members'], right: Shape['members']): ReadonlyMap<string, Shape> {
  const all = new Map(left);
  for (const [name, shape] of right ?? []) all.set(name, bothShapes(all.get(name) ?? ANYTHING, shape));
  return all;
}

/** A value that is of one of them. */
export function eitherShape(shapes: readonly Shape[]): Shape {
  const clears = shapes.reduce((all, shape) => all & shape.clears, shapes.length === 0 ? 0 : EVERYTHING);
  return { ...ANYTHING, clears };
}

/** How deep an object is looked into. */
const DEEPEST = 4;

/** What holds of the variables and members behind a value that a schema has accepted. */
export function provenByShape({ views }: Value, shape: Shape, machine: Machine): readonly Refinement[] {
  const cells = views.flatMap(({ cell, relation }) => (relation === 'same' ? cell : []));
  return cells.flatMap((cell) => provenOfCell(cell, shape, machine, DEEPEST));
}

/** The same of a variable, or of a path of members, by its number. */
export function provenOfCell(cell: number, shape: Shape, machine: Machine, depth = DEEPEST): readonly Refinement[] {
  const own = shape.clears === 0 ? [] : [refinement(cell, shape.clears)];
  if (depth === 0 || !shape.members) return own;
  const inside = [...shape.members].flatMap(([name, member]) =>
    provenOfCell(machine.memberNumber(cell, name), member, machine, depth - 1),
  );
  return [...own, ...inside];
}

/** The value that a schema gives back for one that it has accepted. */
export function shapedValue(
  value: Value,
  shape: Shape,
  place: Place,
  machine: Machine,
  frame: Frame,
  depth = DEEPEST,
): Value {
  const whole = taintedValue(clearLabels(machine.taintOf(value), shape.clears));
  if (depth === 0) return whole;
  const inside = (part: Value, of: Shape) => shapedValue(part, of, place, machine, frame, depth - 1);
  if (shape.element) {
    const element = inside(machine.elementOf(value, false), shape.element);
    return objectValue(machine.newObject(listObject([], element)));
  }
  if (!shape.members) return whole;
  const entries = new Map(
    [...shape.members].map(([name, member]) => [name, inside(readMember(value, name, place, machine, frame), member)]),
  );
  const rest = shape.closed || whole.taint.length === 0 ? undefined : { ...UNKNOWN, taint: whole.taint };
  return objectValue(machine.newObject(mapObject(entries, rest)));
}
