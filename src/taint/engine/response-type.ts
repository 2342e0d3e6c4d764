import type { Subjects } from './argument-path.ts';
import { maskOf } from './category-mask.ts';
import { conditionsHold } from './conditions.ts';
import type { Machine } from './machine.ts';
import type { NameRows } from './row-index.ts';

/** Notes a call that sets the type of what a response holds: from here on it is no page. */
export function noteResponse(rows: NameRows, subjects: Subjects, machine: Machine): void {
  if (subjects.root === undefined) return;
  for (const row of rows.sanitizers)
    if (row.form === 'response' && conditionsHold(row, subjects, machine))
      machine.store.setMark(typeOf(subjects.root, machine), { clears: maskOf(row.clears), quotes: '' });
}

/** Categories for which what is sent with this response is harmless. */
export function responseClears({ root }: Subjects, machine: Machine): number {
  return root === undefined ? 0 : (machine.store.mark(typeOf(root, machine))?.clears ?? 0);
}

function typeOf(variable: number, machine: Machine): number {
  return machine.pathNumber(`type of response ${variable}`);
}
