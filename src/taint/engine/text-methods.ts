import type { Builtin, BuiltinCall } from './builtin.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { membershipFacts, ownKeyFacts } from './comparison.ts';
import { clearedWithout } from './dangerous-fragments.ts';
import { factsOf, type Refinement, refinement } from './facts.ts';
import { listObject } from './heap-object.ts';
import {
  clearLabels,
  DOTS,
  decodeLabels,
  encodeLabels,
  type Label,
  NO_MARKUP,
  neutraliseQuote,
  SHORT,
} from './label.ts';
import { characterViews } from './members.ts';
import { provenBy, segmentsStay, segmentViews } from './path-segments.ts';
import { clearedByMatch, removesAllButPlain, soughtCharacters } from './pattern-strength.ts';
import { regexOf } from './regex-value.ts';
import { ADDRESS, composeText, formatText, ROOTED_PATH } from './text.ts';
import { beginningFacts, positionsOf, prefixFacts } from './text-beginnings.ts';
import { folded, isContainer } from './text-call.ts';
import { replace, replaced } from './text-replacement.ts';
import { constantValue, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

const PATH = maskOf(['path']);
const PROTOTYPE = maskOf(['prototype']);
const ALL_BUT_SESSION = EVERYTHING & ~maskOf(['session']);
const MARKUP = maskOf(['xss']);

/** The same text in another form: what is proven of it is proven of the original. */
const view: Builtin = (call) => {
  if (isContainer(call)) return undefined;
  return folded(call) ?? viewOf(call.receiver, call);
};

export function viewOf(value: Value, call: BuiltinCall): Value {
  const { views, normalised, quote } = value;
  return { ...UNKNOWN, taint: call.machine.taintOf(value), views, normalised, quote, name: `${call.name}()` };
}

const starts: Builtin = (call) =>
  folded(call) ?? { ...UNKNOWN, facts: prefixFacts(call.receiver, call.given.positional[0]) };

/** What a text ends with limits nothing. */
const ends: Builtin = (call) => folded(call) ?? UNKNOWN;

/** `path.slice(0, root.length)` of a path without `..`, to be compared with the root. */
const beginning: Builtin = (call) => {
  const computed = folded(call);
  const { receiver, given } = call;
  if (computed || isContainer(call)) return computed;
  const fromStart = given.positional[0]?.constant === 0 && receiver.normalised;
  const views = receiver.views.flatMap((seen) =>
    fromStart && seen.relation === 'same' ? { ...seen, relation: 'beginning' as const } : [],
  );
  const isFirst = given.positional[0]?.constant === 0 && given.positional[1]?.constant === 1;
  const from = given.positional[0]?.constant;
  const kept = from === 0 ? keepsHost(receiver.taint) : from === 1 ? withoutRoot(receiver) : receiver.taint;
  const taint = given.positional[1]?.constant === undefined ? kept : neutraliseQuote(kept, SHORT);
  const first = isFirst ? characterViews(receiver, constantValue(0), call.machine) : [];
  return { ...UNKNOWN, taint, views: [...views, ...first], name: `${call.name}()` };
};

/** `normalize('/' + path).slice(1)`: what is left of a path from the root climbs nowhere. */
function withoutRoot({ name, taint }: Value): readonly Label[] {
  return name === ROOTED_PATH ? clearLabels(taint, PATH) : taint;
}

/** The beginning of the page's own address leads to the page's own host. */
export function keepsHost(labels: readonly Label[], clears = ADDRESS): readonly Label[] {
  return labels.flatMap((label) => (OWN_ADDRESS.test(label.origin.name) ? clearLabels([label], clears) : [label]));
}

const OWN_ADDRESS = /(?:^|\.)location\.(?:href|toString|valueOf)$|^document\.(?:URL|documentURI|baseURI)$/;

/** `text.includes(fragment)`, `list.includes(value)`. */
const contains: Builtin = (call) => {
  const computed = folded(call);
  if (computed) return computed;
  const [wanted = UNKNOWN] = call.given.positional;
  return { ...UNKNOWN, facts: membershipFacts(wanted, call.receiver, call.machine) };
};

/** `set.has(value)`, `map.hasOwnProperty(value)`. */
const holds: Builtin = (call) => {
  const [wanted = UNKNOWN] = call.given.positional;
  return {
    ...UNKNOWN,
    facts: membershipFacts(wanted, call.receiver, call.machine) ?? ownKeyFacts(wanted, call.receiver, call.machine),
  };
};

const find: Builtin = (call) => {
  const computed = folded(call);
  if (computed) return computed;
  const [wanted = UNKNOWN] = call.given.positional;
  const held = typeof wanted.constant === 'string' ? membershipFacts(wanted, call.receiver, call.machine) : undefined;
  const { receiver } = call;
  return {
    ...UNKNOWN,
    views: positionsOf(receiver, wanted),
    facts: held ?? membershipFacts(wanted, receiver, call.machine),
  };
};

const format: Builtin = (call) => {
  if (isContainer(call)) return undefined;
  const { receiver, given, machine } = call;
  const values = [...given.positional, ...given.named.values(), ...(given.spread ? [given.spread] : [])];
  return formatText(receiver, values, machine);
};

/** `separator.join(list)` in Python. */
const joinList: Builtin = (call) => joinItems(call.receiver, call.given.positional[0] ?? UNKNOWN, call);

/** `list.join(separator)` in JavaScript. */
const joinSelf: Builtin = (call) =>
  isContainer(call) || call.receiver.taint.length > 0
    ? joinItems(call.given.positional[0] ?? constantValue(','), call.receiver, call)
    : undefined;

function joinItems(separator: Value, list: Value, { machine }: BuiltinCall): Value {
  const items = machine.onlyObject(list, 'list')?.object.items;
  // What was split is whole again.
  const whole = typeof separator.constant !== 'string' || clearedWithout(separator.constant) !== 0;
  if (!items) {
    const taint = segmentsStay(list, machine) ? neutraliseQuote(machine.taintOf(list), DOTS) : machine.taintOf(list);
    return taintedValue(whole ? decodeLabels(taint) : taint);
  }
  return composeText(
    items.flatMap((item, index) => (index === 0 ? item : [separator, item])),
    machine,
  );
}

const split: Builtin = (call) => {
  const { receiver, given, machine } = call;
  if (isContainer(call)) return undefined;
  const separator = given.positional[0]?.constant;
  if (typeof receiver.constant === 'string' && typeof separator === 'string' && separator !== '') {
    const parts = receiver.constant.split(separator).map(constantValue);
    return objectValue(machine.newObject(listObject(parts)));
  }
  const taint = encodeLabels(receiver.taint, typeof separator === 'string' ? clearedWithout(separator) : 0);
  const part: Value = { ...taintedValue(taint), views: segmentViews(receiver, given.positional[0]) };
  if (!receiver.taint.some(({ origin }) => OWN_ADDRESS.test(origin.name)))
    return objectValue(machine.newObject(listObject([], part)));
  // The first part of the page's own address is an address of its host.
  const rest = Array.from({ length: MOST_PARTS }, () => part);
  const host = keepsHost(receiver.taint);
  // Browsers encode markup in what stands before the query.
  const first = separator === '?' ? encodeLabels(host, MARKUP) : host;
  return objectValue(machine.newObject(listObject([taintedValue(first), ...rest])));
};

/** Parts of an address that are told apart. */
const MOST_PARTS = 7;

/** `regex.test(text)`, `regex.match(text)`: harmless when the expression covers all and is strict. */
const regexTest =
  (coversStart: boolean, coversEnd: boolean): Builtin =>
  (call) => {
    const { receiver, given } = call;
    if (receiver.name !== 'RegExp' && receiver.name !== 're.compile()') return undefined;
    return regexResult(receiver, given.positional[0] ?? UNKNOWN, coversStart, coversEnd, call);
  };

/** A match of a text: what was found, and what it proves. */
export function regexResult(
  expression: Value,
  text: Value,
  coversStart: boolean,
  coversEnd: boolean,
  { machine }: BuiltinCall,
): Value {
  const pattern = expression.constant;
  const clears =
    typeof pattern === 'string' && !isByLine(expression) ? clearedByMatch(pattern, coversStart, coversEnd) : 0;
  const proven = clears === 0 ? [] : text.views.flatMap((seen) => provenBy(seen, clears));
  const taint = clearLabels(machine.taintOf(text), clears);
  const begun = typeof pattern === 'string' ? beginningFacts(pattern, text) : [];
  return { ...taintedValue(taint), facts: factsOf([...proven, ...begun], lackedCharacters(expression, text)) };
}

/** Whether `^` and `$` are the ends of each line, so that they cover no whole text. */
function isByLine({ name, prefix }: Value): boolean {
  return name === 'RegExp' && prefix?.includes('m') === true;
}

/** What letters, digits and slashes alone cannot do. */
const PLAIN_PATH = ALL_BUT_SESSION & ~maskOf(['path', 'redirect', 'ssrf', 'code']);

/** When one of some characters is not found, the text holds none of them; a text of plain characters is harmless. */
function lackedCharacters(expression: Value, text: Value): readonly Refinement[] {
  const pattern = expression.constant;
  if (typeof pattern !== 'string') return [];
  const sought = soughtCharacters(pattern) ?? '';
  const plain = removesAllButPlain(pattern)
    ? ALL_BUT_SESSION
    : removesAllButPlain(pattern.replace(/\\?\//, ''))
      ? PLAIN_PATH
      : 0;
  const refuses = /^(?:\((?:\?:)?\^\|[^()]{1,12}\))?\(?(?:\\\.){2}/.test(pattern);
  const names = pattern.split('|').some((part) => /^[(^?:]*__proto__[)$]*$/.test(part)) ? PROTOTYPE : 0;
  const clears = plain | names | (sought.includes('<') ? MARKUP : 0) | (sought.includes('/') ? PATH : 0);
  const absolute = /(?:^|\|)\^\\?\//.test(pattern);
  const element = /^\^(?:\\s\*)?</.test(pattern);
  const quotes = (refuses ? DOTS : '') + (absolute ? '/' : '') + (element ? NO_MARKUP : '');
  if (clears === 0 && quotes === '') return [];
  return text.views.flatMap((seen) => (seen.relation === 'same' ? { ...refinement(seen.cell, clears), quotes } : []));
}

const matchText: Builtin = (call) => {
  const [written = UNKNOWN] = call.given.positional;
  // What is no expression is made one (ECMA-262, 22.1.3.13).
  const expression =
    typeof written.constant === 'string' && written.name === undefined ? regexOf(written, undefined) : written;
  return expression.name === 'RegExp' ? regexResult(expression, call.receiver, false, false, call) : undefined;
};

/** A path below another one. */
const relativeTo: Builtin = ({ receiver }) => ({
  ...UNKNOWN,
  facts: factsOf(
    receiver.normalised
      ? receiver.views.flatMap((seen) => (seen.relation === 'same' ? refinement(seen.cell, PATH) : []))
      : [],
    [],
  ),
});

const normalise: Builtin = (call) =>
  isContainer(call) ? undefined : { ...viewOf(call.receiver, call), normalised: true };

export const PYTHON_METHODS: Readonly<Record<string, Builtin>> = {
  lower: view,
  upper: view,
  casefold: view,
  strip: view,
  lstrip: view,
  rstrip: view,
  title: view,
  capitalize: view,
  encode: view,
  decode: view,
  absolute: view,
  expanduser: view,
  as_posix: view,
  removeprefix: view,
  removesuffix: view,
  resolve: normalise,
  startswith: starts,
  endswith: ends,
  is_relative_to: relativeTo,
  find,
  index: find,
  replace,
  format,
  join: (call) => (call.receiver.constant !== undefined || call.receiver.taint.length > 0 ? joinList(call) : undefined),
  split,
  rsplit: split,
  splitlines: split,
  isdigit: folded,
  isalnum: folded,
  match: regexTest(true, false),
  fullmatch: regexTest(true, true),
  search: regexTest(false, false),
  sub: ({ receiver, given }) =>
    receiver.name === 're.compile()' ? replaced(given.positional[1] ?? UNKNOWN, receiver, true) : undefined,
};

export const JAVASCRIPT_METHODS: Readonly<Record<string, Builtin>> = {
  toLowerCase: view,
  toUpperCase: view,
  toLocaleLowerCase: view,
  trim: view,
  trimStart: view,
  trimEnd: view,
  normalize: view,
  toString: view,
  valueOf: view,
  startsWith: starts,
  endsWith: ends,
  includes: contains,
  has: holds,
  contains: holds,
  hasOwnProperty: holds,
  propertyIsEnumerable: holds,
  indexOf: find,
  // From the first place backwards: at the beginning or not at all.
  lastIndexOf: (call) => (call.given.positional[1]?.constant === 0 ? find(call) : UNKNOWN),
  search: matchText,
  match: matchText,
  test: regexTest(false, false),
  exec: regexTest(false, false),
  replace,
  replaceAll: replace,
  join: joinSelf,
  split,
  charAt: folded,
  slice: beginning,
  substring: beginning,
  substr: beginning,
};
