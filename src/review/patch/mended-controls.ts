import type { Module } from '../../code/index.ts';
import type { ControlChange } from '../../controls/index.ts';
import type { Finding } from '../../findings/index.ts';
import { createLineIndex, type Place, type SourceTree, type Span } from '../../syntax/index.ts';
import { functionsOf } from '../code-walk.ts';
import { registrationOf } from './registration.ts';
import type { ReadCode } from './residue.ts';
import { covers, fieldOf, isFunction, type Placed, partsAround, partsBelow, partsIn, plainCode } from './spot.ts';

/**
 * Whether what looks like a lost control is the weakness itself: it stood on the lines that the finding names, or was the
 * function around them, and was only taken for a control by its name or by counting. Whoever mends a line takes something
 * away from it.
 */
export function isOfWeakness(
  { before, confidence }: ControlChange,
  target: Finding,
  { tree, head, read }: Sides,
): boolean {
  if (!before || confidence === 'high') return false;
  if (read && isOfWeakPart(before, target, { tree, head, read })) return true;
  const places = [target.place, ...target.related.map(({ place }) => place)];
  const lost = linesOf(before, tree);
  return places.some((place) => {
    const named = place.file === before.file ? linesOf(place, tree) : undefined;
    return lost !== undefined && named !== undefined && (holds(named, lost) || isSmallAround(lost, named));
  });
}

export interface Sides {
  readonly tree: SourceTree;
  readonly head: SourceTree;
  readonly read: ReadCode | undefined;
}

/**
 * What is lost stood in the function that held the weakness, or below the address that it lay on, or is the call of that
 * function alone; and the function, or all at that address, is gone.
 */
function isOfWeakPart(lost: Place, { place }: Finding, sides: Sides & { readonly read: ReadCode }): boolean {
  if (lost.file !== place.file) return false;
  const [old, now] = [sides.tree, sides.head].map((side) => moduleAt(place.file, side, sides.read));
  if (!old || !now) return false;
  return isOfGoneFunction(lost.span, place.span, old, now) || isBelowGoneAddress(lost.span, place.span, old, now);
}

function moduleAt(file: string, tree: SourceTree, read: ReadCode): Module | undefined {
  const source = tree.read(file);
  return source && 'text' in source ? read(source) : undefined;
}

function isOfGoneFunction(lost: Span, weak: Span, old: Module, now: Module): boolean {
  const around = partsAround(old, weak).findLast(isFunction);
  const name = fieldOf(around, 'name');
  if (!around || typeof name !== 'string') return false;
  const lines = old.file.text.slice(around.place.span.start, around.place.span.end).split('\n').length;
  if (lines > SMALL || functionsOf(now).some((one) => one.name === name)) return false;
  if (covers(around.place.span, lost)) return true;
  const calls = partsBelow(partsIn(old.body)).filter(
    (part) => part.kind === 'expression' && covers(lost, part.place.span) && isCallOf(part, name),
  );
  return calls.length > 0 && plainCode(now.file.text).includes(plainCode(without(old.file.text, lost, calls)));
}

function isCallOf(statement: Placed, name: string): boolean {
  const call = fieldOf(statement, 'value');
  return fieldOf(call, 'kind') === 'call' && fieldOf(fieldOf(call, 'callee'), 'name') === name;
}

function without(text: string, { start, end }: Span, holes: readonly Placed[]): string {
  const kept: string[] = [];
  let from = start;
  for (const { place } of holes.toSorted((one, other) => one.place.span.start - other.place.span.start)) {
    kept.push(text.slice(from, place.span.start));
    from = place.span.end;
  }
  return [...kept, text.slice(from, end)].join('');
}

/** `/files/:name` is below `/files`; with both gone nothing is left there that needed protection. */
function isBelowGoneAddress(lost: Span, weak: Span, old: Module, now: Module): boolean {
  const [below, address] = [lost, weak].map((span) => addressAt(old, span));
  if (below === undefined || address === undefined || address.length < 2 || !below.startsWith(`${address}/`))
    return false;
  return !registeredIn(now).some((path) => path === address || path.startsWith(`${address}/`));
}

function addressAt(module: Module, span: Span): string | undefined {
  for (const part of partsAround(module, span).toReversed()) {
    const path = registrationOf(part)?.path;
    if (path !== undefined) return path;
  }
  return undefined;
}

function registeredIn({ body }: Module): readonly string[] {
  return partsBelow(partsIn(body)).flatMap((part) => registrationOf(part)?.path ?? []);
}

/** From 1, both inclusive. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

function holds(outer: Lines, inner: Lines): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** What is larger may protect more than it harms. */
const SMALL = 30;

function isSmallAround(outer: Lines, inner: Lines): boolean {
  return holds(outer, inner) && outer.last - outer.first < SMALL;
}

function linesOf({ file, span }: Place, tree: SourceTree): Lines | undefined {
  const source = tree.read(file);
  if (!source || !('text' in source)) return undefined;
  const index = createLineIndex(source.text);
  return {
    first: index.position(span.start).line,
    last: index.position(Math.max(span.start, span.end - 1)).line,
  };
}
