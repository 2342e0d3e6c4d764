import type { Expression } from '../../code/index.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { keyOf } from './evaluate.ts';
import type { Refinement } from './facts.ts';
import { READERS } from './idioms.ts';
import { clearLabels, type Label, neutraliseQuote } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { readName } from './names.ts';
import { belowFolder } from './text.ts';
import { type Value, withTaint } from './value.ts';

/** A text that begins with a quotation mark and holds none inside is a plain literal: nothing to run. */
const LITERAL_CLEARS = maskOf(['code']);

/** A text that begins with one slash and not with two is a path on the same host (RFC 3986, 4.2). */
const OWN_PATH_CLEARS = maskOf(['redirect']);

/** Memory after a test that proved something. */
export function applyRefinements(refinements: readonly Refinement[], machine: Machine): void {
  for (const refinement of refinements) {
    const value = machine.store.value(refinement.cell);
    if (value) machine.store.setValue(refinement.cell, refineValue(value, refinement));
    const mark = machine.store.mark(refinement.cell);
    const clears = clearedBy(refinement);
    machine.store.setMark(refinement.cell, {
      clears: (mark?.clears ?? 0) | clears,
      quotes: (mark?.quotes ?? '') + refinement.quotes,
    });
  }
}

function clearedBy(refinement: Refinement): number {
  const literal = [...refinement.opens].some((mark) => mark !== '/' && refinement.lacksInside.includes(mark));
  const ownPath = refinement.opens.includes('/') && refinement.lacksInside.includes('/');
  return refinement.clears | (literal ? LITERAL_CLEARS : 0) | (ownPath ? OWN_PATH_CLEARS : 0);
}

function refineValue(value: Value, refinement: Refinement): Value {
  const labels = refineLabels(value.taint, clearedBy(refinement), refinement.quotes);
  return withTaint(value, (value.prefix ?? '') === '' ? labels : belowFolder(labels));
}

function refineLabels(labels: readonly Label[], clears: number, quotes: string): readonly Label[] {
  let refined = clearLabels(labels, clears);
  for (const quote of quotes) refined = neutraliseQuote(refined, quote);
  return refined;
}

/**
 * `request.query.next` read again after a test of `request.query.next`: what was proven of the path holds, and a test of
 * the result speaks about the path.
 */
export function viewPath(expression: Expression, value: Value, machine: Machine, frame: Frame): Value {
  if (value.taint.length === 0) return viewVoucher(expression, value, machine, frame);
  const path = pathOf(expression, machine, frame);
  if (path === undefined) return value;
  const cell = machine.pathNumber(path);
  const mark = machine.store.mark(cell);
  const refined = mark ? withTaint(value, refineLabels(value.taint, mark.clears, mark.quotes)) : value;
  return { ...refined, views: [{ cell, relation: 'same' }, ...refined.views] };
}

/** Members whose test speaks for a sibling: who sent a message decides what its data is worth (HTML, 9.3.2). */
const VOUCHERS: Readonly<Record<string, string>> = { 'MessageEvent.origin': 'data' };

function viewVoucher(expression: Expression, value: Value, machine: Machine, frame: Frame): Value {
  const sibling = value.name === undefined ? undefined : VOUCHERS[value.name];
  if (sibling === undefined || expression.kind !== 'member') return value;
  const path = pathOf({ ...expression, name: sibling }, machine, frame);
  return path === undefined ? value : { ...value, views: [{ cell: machine.pathNumber(path), relation: 'same' }] };
}

/** `const { next } = request.query`: the same as reading `request.query.next`. */
export function viewTaken(holder: Value, name: string, value: Value, machine: Machine): Value {
  const holders = holder.views.flatMap(({ cell, relation }) => (relation === 'same' ? cell : []));
  const sibling = value.name === undefined ? undefined : VOUCHERS[value.name];
  if (value.taint.length === 0 && sibling === undefined) return value;
  let taken = value;
  for (const cell of holders.map((holder) => machine.memberNumber(holder, sibling ?? name))) {
    const mark = sibling === undefined ? machine.store.mark(cell) : undefined;
    if (mark) taken = withTaint(taken, refineLabels(taken.taint, mark.clears, mark.quotes));
    taken = { ...taken, views: [...taken.views, { cell, relation: 'same' }] };
  }
  return taken;
}

/** `const body = request.body; body.id`: what was proven of `request.body.id` holds for it. */
export function viewHeld(holder: Value, name: string, value: Value, machine: Machine): Value {
  if (value.taint.length === 0) return value;
  let held = value;
  for (const { cell, relation } of holder.views) {
    const mark = relation === 'same' ? machine.store.mark(machine.memberNumber(cell, name)) : undefined;
    if (mark) held = withTaint(held, refineLabels(held.taint, mark.clears, mark.quotes));
  }
  return held;
}

/** The variable that a value of this name vouches for, when it was taken from the same thing: `{ origin, data }`. */
export function vouchedBy(value: Value): string | undefined {
  return value.name === undefined ? undefined : VOUCHERS[value.name];
}

/** What was set at a path of members replaces what was known of it. */
export function markPath(expression: Expression, value: Value, machine: Machine, frame: Frame): void {
  const path = pathOf(expression, machine, frame);
  if (path === undefined) return;
  const clears = machine.taintOf(value).reduce((all, { cleared }) => all & cleared, EVERYTHING);
  machine.store.setMark(machine.pathNumber(path), { clears, quotes: '' });
}

/** The same for whatever else the holder is called: after `const body = request.body` it is `request.body.id`, too. */
export function markHeld(holder: Value, name: string, value: Value, machine: Machine): void {
  const clears = machine.taintOf(value).reduce((all, { cleared }) => all & cleared, EVERYTHING);
  for (const { cell, relation } of holder.views)
    if (relation === 'same') machine.store.setMark(machine.memberNumber(cell, name), { clears, quotes: '' });
}

function pathOf(expression: Expression, machine: Machine, frame: Frame): string | undefined {
  const parts: string[] = [];
  let inner = expression;
  for (;;) {
    if (inner.kind === 'member') parts.push(inner.name);
    else if (inner.kind === 'index') {
      const key = inner.key.kind === 'literal' ? String(inner.key.value) : variableKey(inner.key, machine, frame);
      if (key === undefined) return undefined;
      parts.push(key);
    } else if (inner.kind === 'call' && inner.callee.kind === 'member' && READERS.has(inner.callee.name)) {
      const keys = inner.arguments.map(({ value, spread }) => (value.kind === 'literal' && !spread ? value.value : ''));
      if (keys.includes('')) return undefined;
      parts.push(`${inner.callee.name}(${keys.join()})`);
      inner = inner.callee;
    } else break;
    inner = inner.object;
  }
  if (inner.kind !== 'name' && inner.kind !== 'self') return undefined;
  const root = inner.kind === 'self' ? `self of ${frame.path}` : (frame.scope.find(inner.name) ?? inner.name);
  return `${root}.${parts.reverse().join('.')}`;
}

function variableKey(key: Expression, machine: Machine, frame: Frame): string | undefined {
  if (key.kind !== 'name') return undefined;
  const known = keyOf(readName(key.name, key.place, machine, frame));
  const cell = frame.scope.find(key.name);
  // As long as nobody sets the variable, it names the same member.
  return known ?? (cell === undefined ? undefined : `[${cell} ${machine.writesOf(cell)}]`);
}
