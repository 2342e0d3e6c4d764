import type { Place } from '../../syntax/index.ts';
import type { Frame, Machine } from './machine.ts';
import { findJavaClass, nameOfWhole } from './modules.ts';
import { sourceValue } from './sources.ts';
import { namedValue, UNKNOWN, type Value } from './value.ts';

/** The value of a name: a variable, or what the language itself calls so. */
export function readName(name: string, place: Place, machine: Machine, frame: Frame): Value {
  const cell = frame.scope.find(name);
  if (cell === undefined) {
    const found = machine.language(frame) === 'java' ? findJavaClass(name, frame.module, machine) : undefined;
    if (found) return found;
    const taken = nameOfWhole(name, machine, frame);
    if (taken) return taken;
    const named = namedValue(name);
    const builtin = OWN_FOLDERS.has(name) ? { ...named, prefix: '/' } : named;
    return sourceValue(builtin, 'name', place, machine, frame) ?? builtin;
  }
  const value = machine.store.value(cell);
  if (value === undefined) return UNKNOWN;
  const source = value.name === undefined ? undefined : sourceValue(value, 'name', place, machine, frame);
  return viewCell(source ?? value, cell);
}

/** Absolute paths that whoever installed the program chose. */
const OWN_FOLDERS = new Set(['__dirname', '__filename']);

/** Under another name it is the same response. */
const RESPONSES = /^(?:express\.Response|http\.ServerResponse|koa\.Context|fastify\.FastifyReply)$/;

/** A test of the result speaks about the variable. Only what is tainted, or has checks before it, is tested to any use. */
function viewCell(value: Value, cell: number): Value {
  const isTested = value.taint.length > 0 || value.objects.length > 0 || value.shape !== undefined;
  if (!isTested && !RESPONSES.test(value.name ?? '')) return value;
  if (value.views.some((view) => view.cell === cell)) return value;
  return { ...value, views: [{ cell, relation: 'same' }, ...value.views] };
}

/** Set a variable where the source declares it, or in the function when it does not. */
export function writeName(name: string, value: Value, machine: Machine, frame: Frame): void {
  const cell = frame.scope.find(name) ?? declareName(name, frame, machine);
  machine.noteWrite(cell);
  machine.store.setValue(cell, value.views.some((view) => view.cell === cell) ? withoutView(value, cell) : value);
}

function withoutView(value: Value, cell: number): Value {
  return { ...value, views: value.views.filter((view) => view.cell !== cell) };
}

/** A new variable of the function. */
export function declareName(name: string, frame: Frame, machine: Machine): number {
  const cell = machine.allocate();
  frame.scope.function.declare(name, cell);
  return cell;
}

/** A new variable of the innermost scope, hiding one outside. */
export function bindName(name: string, value: Value, machine: Machine, frame: Frame): void {
  const known = frame.scope.own(name);
  const cell = known ?? machine.allocate();
  if (known === undefined) frame.scope.declare(name, cell);
  machine.store.setValue(cell, value);
}
