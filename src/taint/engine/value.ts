import type { Callable } from './callable.ts';
import { eitherOf, type Facts, factsOf, type Refinement } from './facts.ts';
import { type Label, NO_TAINT, unionLabels } from './label.ts';
import type { Shape } from './schema/shape.ts';

export type Primitive = string | number | boolean | null;

/** How a value relates to the one in a variable. */
export type Relation =
  /** It stands or falls with it: the same text trimmed, lower case, normalised, joined to a path. */
  | 'same'
  /** Its parsed address, the host of it, the text without its first and last character. */
  | 'address'
  | 'host'
  | 'scheme'
  /** Where something was found in it. */
  | 'position'
  /** Where something was found in it that, at its beginning, is no markup; that also is a scheme that runs no script. */
  | 'plain start'
  | 'scheme start'
  /** Any of its characters or elements; a certain one of them. */
  | 'element'
  | 'character'
  /** One of its parts between slashes. */
  | 'segment'
  /** Where `..` was found in it: in a path, and in the way from a folder to it. */
  | 'ascent'
  | 'exit'
  /** Its first characters; its first and its second one. */
  | 'beginning'
  | 'first'
  | 'second'
  /** The name of its type: `typeof value`. */
  | 'type'
  /** The number that it is, when it is one: `Number(value)`. */
  | 'number'
  /** How many characters it has. */
  | 'length'
  | 'inside'
  /** Its last part as a path. */
  | 'name'
  /** The directory that it has in common with others. */
  | 'root';

export interface View {
  readonly cell: number;
  readonly relation: Relation;
}

/** What the engine knows about a value. */
export interface Value {
  readonly taint: readonly Label[];
  /** `undefined`: not constant. */
  readonly constant: Primitive | undefined;
  /** Not one constant, but one of these few, by the way that was taken. */
  readonly oneOf: readonly Primitive[];
  /** Dotted name of a library thing: `os.path.join`, `pathlib.Path`. */
  readonly name: string | undefined;
  /** Containers and instances that it may be. */
  readonly objects: readonly number[];
  readonly callables: readonly Callable[];
  /** Variables that a test of this value speaks about. */
  readonly views: readonly View[];
  /** For a truth value: what holds of variables when it is true, when it is false. */
  readonly facts: Facts | undefined;
  /** Known beginning of a text that is not constant; `undefined`: it may be no text. */
  readonly prefix: string | undefined;
  /** The quotation mark that is open at the end of a text. */
  readonly quote: string;
  /** A path without `..` and links. */
  readonly normalised: boolean;
  /** Of a schema: what it says of what it accepts; of a request: what its checks say once they are asked. */
  readonly shape: Shape | undefined;
}

const NOTHING: readonly never[] = [];

export const UNKNOWN: Value = {
  taint: NO_TAINT,
  constant: undefined,
  oneOf: NOTHING,
  name: undefined,
  objects: NOTHING,
  callables: NOTHING,
  views: NOTHING,
  facts: undefined,
  prefix: undefined,
  quote: '',
  normalised: false,
  shape: undefined,
};

export function constantValue(constant: Primitive): Value {
  return { ...UNKNOWN, constant };
}

export function namedValue(name: string): Value {
  return { ...UNKNOWN, name };
}

export function taintedValue(taint: readonly Label[]): Value {
  return taint.length === 0 ? UNKNOWN : { ...UNKNOWN, taint };
}

export function objectValue(object: number): Value {
  return { ...UNKNOWN, objects: [object] };
}

export function callableValue(callable: Callable, name: string | undefined): Value {
  return { ...UNKNOWN, callables: [callable], name };
}

export function withTaint(value: Value, taint: readonly Label[]): Value {
  return taint === value.taint ? value : { ...value, taint };
}

/** Alternatives kept of one value. */
const MOST_ALTERNATIVES = 6;

/** One of the two. */
export function joinValues(left: Value, right: Value): Value {
  if (left === right) return left;
  return {
    taint: unionLabels(left.taint, right.taint),
    constant: left.constant === right.constant ? left.constant : undefined,
    oneOf: joinConstants(left, right),
    name: left.name === right.name ? left.name : joinNames(left, right),
    objects: unionOf(left.objects, right.objects),
    callables: unionOf(left.callables, right.callables),
    views: left.views === right.views ? left.views : commonViews(left, right),
    facts: left.facts === right.facts ? left.facts : joinFacts(left, right),
    prefix: commonPrefix(left, right),
    quote: left.quote === right.quote ? left.quote : '',
    normalised: left.normalised && right.normalised,
    shape: left.shape === right.shape ? left.shape : undefined,
  };
}

/** Constants that a value is kept to be one of. */
const MOST_CONSTANTS = 4;

function joinConstants(left: Value, right: Value): readonly Primitive[] {
  if (left.constant === right.constant && left.constant !== undefined) return NOTHING;
  const all = [...new Set([...constantsOf(left), ...constantsOf(right)])];
  const known = constantsOf(left).length > 0 && constantsOf(right).length > 0;
  return known && all.length <= MOST_CONSTANTS ? all : NOTHING;
}

/** Everything that it can be, when that is known. */
export function constantsOf(value: Value): readonly Primitive[] {
  return value.constant === undefined ? value.oneOf : [value.constant];
}

/** `x = None` first and the real thing later is one thing. */
function joinNames(left: Value, right: Value): string | undefined {
  if (left.constant === null) return right.name;
  if (right.constant === null) return left.name;
  return left.name ?? right.name;
}

function unionOf<T>(left: readonly T[], right: readonly T[]): readonly T[] {
  if (right.length === 0 || left === right) return left;
  if (left.length === 0) return right;
  const extra = right.filter((item) => !left.includes(item));
  return extra.length === 0 ? left : [...left, ...extra].slice(0, MOST_ALTERNATIVES);
}

/** A constant alternative needs no test, so it does not weaken what a test of the other says. */
function commonViews(left: Value, right: Value): readonly View[] {
  if (left.taint.length === 0) return right.views;
  if (right.taint.length === 0) return left.views;
  return left.views.filter((view) =>
    right.views.some((other) => other.cell === view.cell && other.relation === view.relation),
  );
}

function commonPrefix(left: Value, right: Value): string | undefined {
  const a = knownPrefix(left);
  const b = knownPrefix(right);
  if (a === b) return a;
  if (a === undefined || b === undefined) return undefined;
  let length = 0;
  while (length < a.length && a.charAt(length) === b.charAt(length)) length++;
  return a.slice(0, length);
}

/**
 * `false` or a test: when it is true, the test was; `true` or a test: when it is false, the test was; nothing or an error:
 * when it is nothing, what nothing proves holds.
 */
function joinFacts(left: Value, right: Value): Facts | undefined {
  if (!left.facts && !right.facts) return undefined;
  const both = [left, right];
  const known = both.filter(({ constant }) => constant === null);
  const falsy = known.length === 1 ? known : both.filter(({ constant }) => constant !== true);
  return factsOf(
    provenByAll(
      both.filter(({ constant }) => constant !== false && constant !== null),
      'whenTrue',
    ),
    provenByAll(falsy, 'whenFalse'),
  );
}

function provenByAll(values: readonly Value[], way: keyof Facts): readonly Refinement[] {
  const [first, ...others] = values.map(({ facts }) => facts?.[way] ?? []);
  return others.reduce(eitherOf, first ?? []);
}

/** What the text certainly begins with. */
export function knownPrefix(value: Value): string | undefined {
  return typeof value.constant === 'string' ? value.constant : value.prefix;
}

/** Whether it counts as true; `undefined`: either. */
export function truthOf(value: Value): boolean | undefined {
  return value.constant === undefined ? undefined : Boolean(value.constant);
}
