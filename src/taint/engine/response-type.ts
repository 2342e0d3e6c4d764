import type { Expression } from '../../code/index.ts';
import type { Subjects } from './argument-path.ts';
import { maskOf } from './category-mask.ts';
import { conditionsHold } from './conditions.ts';
import type { Frame, Machine } from './machine.ts';
import type { NameRows } from './row-index.ts';
import type { Value } from './value.ts';

/** Notes a call that sets the type of what a response holds: from here on it is no page. */
export function noteResponse(rows: NameRows, subjects: Subjects, machine: Machine): void {
  if (subjects.root === undefined) return;
  for (const row of rows.sanitizers)
    if (row.form === 'response' && conditionsHold(row, subjects, machine))
      machine.store.setMark(typeOf(subjects.root, machine), { clears: maskOf(row.clears), quotes: '' });
}

/** From here on what is sent with this response is harmless for these categories. */
export function noteHarmless(response: Value, clears: number, machine: Machine): void {
  const variable = response.views.at(-1)?.cell;
  if (variable !== undefined) machine.store.setMark(typeOf(variable, machine), { clears, quotes: '' });
}

/** Categories for which what is sent with this response is harmless. */
export function responseClears({ root }: Subjects, machine: Machine): number {
  return root === undefined ? 0 : (machine.store.mark(typeOf(root, machine))?.clears ?? 0);
}

/** The variable at the beginning of a chain of members and calls. */
export function rootOf(expression: Expression, frame: Frame): number | undefined {
  let inner = expression;
  while (inner.kind === 'member' || inner.kind === 'call')
    inner = inner.kind === 'member' ? inner.object : inner.callee;
  return inner.kind === 'name' ? frame.scope.find(inner.name) : undefined;
}

function typeOf(variable: number, machine: Machine): number {
  // A parameter may be the variable of whoever calls.
  const original = machine.store.value(variable)?.views.at(-1)?.cell ?? variable;
  return machine.pathNumber(`type of response ${original}`);
}
