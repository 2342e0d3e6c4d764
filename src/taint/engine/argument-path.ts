import type { ArgumentPath } from '../catalogue.ts';
import { type Arguments, argumentAt } from './arguments.ts';
import type { Machine } from './machine.ts';
import { joinValues, taintedValue, type Value } from './value.ts';

/** What conditions and sinks of a call, an assignment or a return can speak about. */
export interface Subjects {
  readonly given: Arguments;
  readonly receiver: Value | undefined;
  /** What is assigned or returned. */
  readonly value: Value | undefined;
  readonly key: Value | undefined;
  /** What the decorators of a route say, by name. */
  readonly route?: Value | undefined;
  /** The variable at the beginning of what is called: of `res.status(200).send` that of `res`. */
  readonly root: number | undefined;
}

interface ParsedPath {
  readonly first: number | string;
  readonly rest: readonly (number | string)[];
}

const PARSED = new Map<ArgumentPath, ParsedPath>();

/** The value at a path, or `undefined` when nothing was given there. */
export function subjectAt(path: ArgumentPath, subjects: Subjects, machine: Machine): Value | undefined {
  const { first, rest } = parsePath(path);
  let value = firstSubject(first, subjects);
  for (const step of rest) value = value && partOf(value, step, machine);
  return value;
}

function firstSubject(first: number | string, { given, receiver, value, key, route }: Subjects): Value | undefined {
  if (typeof first === 'number') {
    if (value && first === 0) return value;
    return first < 0 ? given.positional.at(first) : argumentAt(given, first);
  }
  if (first === 'receiver') return receiver;
  if (first === 'value') return value;
  if (first === 'key') return key;
  if (first === 'route') return route;
  if (first === '**') return given.spread;
  return argumentAt(given, first) ?? value;
}

function partOf(value: Value, step: number | string, machine: Machine): Value | undefined {
  let result = value.taint.length > 0 ? taintedValue(value.taint) : undefined;
  for (const id of value.objects) {
    const object = machine.object(id);
    const part = (typeof step === 'number' ? object.items?.at(step) : object.entries.get(step)) ?? object.rest;
    if (part) result = result ? joinValues(result, part) : part;
  }
  return result;
}

/** `1.shell`, `0[0]`, `-1.mode`, `options.httpOnly`. */
function parsePath(path: ArgumentPath): ParsedPath {
  if (typeof path === 'number') return { first: path, rest: [] };
  const known = PARSED.get(path);
  if (known) return known;
  const [first = '', ...rest] = path.replaceAll('[', '.#').replaceAll(']', '').split('.');
  const parsed = { first: /^-?\d+$/.test(first) ? Number(first) : first, rest: rest.map(readStep) };
  PARSED.set(path, parsed);
  return parsed;
}

function readStep(step: string): number | string {
  return step.startsWith('#') ? Number(step.slice(1)) : step;
}

/** The subjects of what is no call. */
export const NOTHING: Subjects = {
  given: { positional: [], named: new Map(), spread: undefined },
  receiver: undefined,
  value: undefined,
  key: undefined,
  root: undefined,
};
