import type { Expression } from '../../code/index.ts';
import { maskOf } from './category-mask.ts';
import { compareFacts, lacksPrototype, membershipFacts, numberOf } from './comparison.ts';
import { evaluate } from './evaluate.ts';
import { type Facts, factsOf, refinement } from './facts.ts';
import { foldBinary } from './folding.ts';
import { listObject } from './heap-object.ts';
import { unionLabels } from './label.ts';
import { isScript } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { checkTag } from './sinks.ts';
import { composeText, formatText } from './text.ts';
import { constantValue, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

const COMPARISONS = new Set([
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '>',
  '<=',
  '>=',
  'in',
  'not in',
  'is',
  'is not',
  'instanceof',
]);

/** Both operands, then the operator. A chain on the left costs no stack. */
export function evaluateBinary(expression: Kind<'binary'>, machine: Machine, frame: Frame): Value {
  const chain: Kind<'binary'>[] = [expression];
  let leftmost: Expression = expression.left;
  while (leftmost.kind === 'binary') {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  let result = evaluate(leftmost, machine, frame);
  for (const link of chain.reverse())
    result = applyOperator(link.operator, result, evaluate(link.right, machine, frame), machine, frame);
  return result;
}

/** The value of `left operator right`. */
export function applyOperator(operator: string, left: Value, right: Value, machine: Machine, frame: Frame): Value {
  if (left.constant !== undefined && right.constant !== undefined) {
    const folded = foldBinary(operator, left.constant, right.constant);
    if (folded !== undefined) return constantValue(folded);
  }
  if (COMPARISONS.has(operator)) {
    const held = operator === 'in' || operator === 'not in' ? constantMembership(left, right, machine) : undefined;
    if (held !== undefined) return constantValue(operator === 'in' ? held : !held);
    const facts = isScript(machine, frame) ? scriptFacts(operator, left, right, machine) : undefined;
    return { ...UNKNOWN, facts: facts ?? compareFacts(operator, left, right, machine) };
  }
  if (operator === '+') return addValues(left, right, machine);
  if (operator === '%' && isText(left)) return formatText(left, argumentsOfPercent(right, machine), machine);
  if (machine.language(frame) !== 'python')
    return isScript(machine, frame) && SUBTRACTIONS.has(operator) ? countedFrom(left, right) : UNKNOWN;
  if (operator === '/' && left.constant === undefined) return joinPathValues(left, right, machine);
  if (operator === '|') return mergeMaps(left, right, machine);
  if (operator === '*') return taintedValue(unionLabels(machine.taintOf(left), machine.taintOf(right)));
  return operator === '%' || operator === '*' ? taintedValue(machine.taintOf(left)) : UNKNOWN;
}

/** `key in object` finds what is inherited, too; what is an instance of a class is no text. */
function scriptFacts(operator: string, left: Value, right: Value, machine: Machine): Facts | undefined {
  if (operator === 'instanceof') {
    if (right.name === undefined || right.name === 'String') return undefined;
    const proven = left.views.flatMap((seen) => (seen.relation === 'same' ? refinement(seen.cell, AN_INSTANCE) : []));
    return factsOf(proven, []);
  }
  if (ORDERINGS.has(operator)) return orderFacts(operator, left, right, machine);
  if (operator !== 'in') return undefined;
  if (right.name === 'Object.prototype') return factsOf([], lacksPrototype(left));
  if (typeof left.constant === 'string' && !(left.constant in Function.prototype))
    return factsOf(lacksPrototype(right), membershipFacts(left, right, machine)?.whenFalse ?? []);
  const facts = membershipFacts(left, right, machine);
  return factsOf(
    (facts?.whenTrue ?? []).map((proven) => ({ ...proven, clears: proven.clears & ~PROTOTYPE })),
    [],
  );
}

const ORDERINGS = new Set(['<', '>', '<=', '>=']);

/** A text that is compared with a number is taken for one (ECMA-262, 7.2.13). */
function orderFacts(operator: string, left: Value, right: Value, machine: Machine): Facts | undefined {
  const [a, b] = [takenForNumber(left), takenForNumber(right)];
  return compareFacts(operator, left, right, machine) ?? compareFacts(operator, a, b, machine);
}

function takenForNumber(value: Value): Value {
  return value.constant === undefined ? numberOf(value) : value;
}

/** Operators that take a text for a number and leave it as recognisable as it was: `text - 0`. */
const SUBTRACTIONS = new Set(['-', '*', '/']);

function countedFrom(left: Value, right: Value): Value {
  if (typeof right.constant === 'number') return numberOf(left);
  return typeof left.constant === 'number' ? numberOf(right) : UNKNOWN;
}

const PROTOTYPE = maskOf(['prototype']);

/** What an object of a class cannot be dangerous for. */
const AN_INSTANCE = maskOf(['xss', 'path', 'redirect', 'ssrf', 'code', 'regex', 'command', 'sql', 'prototype']);

/** Whether a constant is in a list of constants. */
function constantMembership(left: Value, right: Value, machine: Machine): boolean | undefined {
  const items = machine.onlyObject(right, 'list')?.object.items;
  if (left.constant === undefined || !items) return undefined;
  if (items.some((item) => item.constant !== undefined && item.constant === left.constant)) return true;
  return items.every((item) => item.constant !== undefined) ? false : undefined;
}

function isText(value: Value): boolean {
  return typeof value.constant === 'string' || value.prefix !== undefined;
}

function argumentsOfPercent(right: Value, machine: Machine): readonly Value[] {
  const only = machine.isContainer(right) ? machine.onlyObject(right) : undefined;
  if (!only) return [right];
  return only.object.items ?? [...only.object.entries.values(), ...(only.object.rest ? [only.object.rest] : [])];
}

function addValues(left: Value, right: Value, machine: Machine): Value {
  const [a, b] = [machine.onlyObject(left, 'list'), machine.onlyObject(right, 'list')];
  if (a?.object.items && b?.object.items)
    return objectValue(machine.newObject(listObject([...a.object.items, ...b.object.items])));
  if (machine.isContainer(left) || machine.isContainer(right)) {
    const rest = taintedValue(unionLabels(machine.taintOf(left), machine.taintOf(right)));
    return { ...objectValue(machine.newObject(listObject([], rest))), taint: rest.taint };
  }
  return composeText([left, right], machine);
}

/** `pathlib` joins with `/`; the result stands or falls with its parts. */
function joinPathValues(left: Value, right: Value, machine: Machine): Value {
  const taint = unionLabels(machine.taintOf(left), machine.taintOf(right));
  return { ...UNKNOWN, taint, name: left.name, views: [...left.views, ...right.views] };
}

function mergeMaps(left: Value, right: Value, machine: Machine): Value {
  const taint = unionLabels(machine.taintOf(left), machine.taintOf(right));
  return taintedValue(taint);
}

/** Tags whose result is the text itself, or its lines with other blanks: values stand in it as they are. */
const TEXT_TAGS: ReadonlySet<string> = new Set([
  'String.raw',
  ...['dedent', 'outdent', 'ts-dedent', 'endent'].flatMap((name) => [name, `${name}.default`]),
  'outdent.outdent',
  'ts-dedent.dedent',
  ...['stripIndent', 'stripIndents', 'oneLine', 'oneLineTrim', 'html', 'source', 'codeBlock'].map(
    (name) => `common-tags.${name}`,
  ),
]);

/** A template: its parts in order; the tag, when there is one, decides what becomes of them. */
export function evaluateText(expression: Kind<'text'>, machine: Machine, frame: Frame): Value {
  const parts = expression.parts.map((part) => evaluate(part, machine, frame));
  const text = composeText(parts, machine);
  if (!expression.tag) return text;
  const tag = evaluate(expression.tag, machine, frame);
  if (tag.name !== undefined) {
    const values = parts.filter((_, index) => expression.parts[index]?.kind !== 'literal');
    checkTag(tag.name, values, expression.place, machine, frame);
    if (TEXT_TAGS.has(tag.name)) return text;
  }
  // Any other tag of a library (`sql`, `html`, `gql`) is made to place values safely.
  return { ...UNKNOWN, name: tag.name, taint: tag.callables.length > 0 ? text.taint : UNKNOWN.taint };
}
