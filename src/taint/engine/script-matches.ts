import type { Builtin } from './builtin.ts';
import { listObject } from './heap-object.ts';
import { matchedParts, matchResult } from './match-result.ts';
import { regexResult } from './text-methods.ts';
import { objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

const isExpression = ({ name }: Value): boolean => name === 'RegExp';

/** `expression.exec(text)`. */
const exec: Builtin = (call) => {
  const { receiver, given, machine } = call;
  if (!isExpression(receiver)) return undefined;
  const [text = UNKNOWN] = given.positional;
  return { ...matchResult(receiver, text, machine), facts: regexResult(receiver, text, false, false, call).facts };
};

/** `expression.test(text)`: true or false, and what that proves. */
const test: Builtin = (call) => {
  const { receiver, given } = call;
  if (!isExpression(receiver)) return undefined;
  return { ...UNKNOWN, facts: regexResult(receiver, given.positional[0] ?? UNKNOWN, false, false, call).facts };
};

/** `text.match(expression)`: with the flag `g` every match as a whole. */
const match: Builtin = (call) => {
  const { given, receiver, machine } = call;
  const [expression] = given.positional;
  if (!expression || !isExpression(expression)) return undefined;
  const taint = machine.taintOf(receiver);
  const all = expression.prefix?.includes('g') === true;
  const result = all
    ? objectValue(machine.newObject(listObject([], matchedParts(expression, taint)?.[0] ?? taintedValue(taint))))
    : matchResult(expression, receiver, machine);
  return { ...result, facts: regexResult(expression, receiver, false, false, call).facts };
};

/** `text.matchAll(expression)`: matches with their groups. */
const matchAll: Builtin = ({ given, receiver, machine }) => {
  const [expression] = given.positional;
  if (!expression || !isExpression(expression)) return undefined;
  return objectValue(machine.newObject(listObject([], matchResult(expression, receiver, machine))));
};

/** `text.search(expression)`: a position. */
const search: Builtin = (call) => {
  const [expression] = call.given.positional;
  if (!expression || !isExpression(expression)) return undefined;
  return { ...UNKNOWN, facts: regexResult(expression, call.receiver, false, false, call).facts };
};

/** Searches by a regular expression (ECMA-262, 22.2.6). */
export const MATCH_METHODS: Readonly<Record<string, Builtin>> = { exec, test, match, matchAll, search };
