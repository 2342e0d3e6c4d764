import type { Builtin, BuiltinCall } from './builtin.ts';
import { compareFacts, membershipFacts } from './comparison.ts';
import { CONTAINER_METHODS, KEYED_METHODS } from './container-methods.ts';
import { keyOf } from './evaluate.ts';
import { contentOf, type HeapObject, listObject, mapObject, withEntry, withRest } from './heap-object.ts';
import { FUTURE_FUNCTIONS, FUTURE_METHODS } from './java-futures.ts';
import { unionLabels } from './label.ts';
import { readIndex } from './members.ts';
import { regexOf, regexValue } from './regex-value.ts';
import { composeText, formatText } from './text.ts';
import { JAVASCRIPT_METHODS, regexResult, viewOf } from './text-methods.ts';
import { replaced } from './text-replacement.ts';
import { constantValue, joinValues, knownPrefix, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

const first = (call: BuiltinCall): Value => call.given.positional[0] ?? UNKNOWN;

/** Called as the method of a text that JavaScript has under this name. */
const asScript =
  (method: string): Builtin =>
  (call) =>
    JAVASCRIPT_METHODS[method]?.({ ...call, name: `text.${method}` });

/** The first argument in another form. */
const view: Builtin = (call) => {
  const value = first(call);
  if (value.constant !== undefined) return constantValue(String(value.constant));
  return { ...viewOf(value, call), taint: call.machine.taintOf(value) };
};

const harmless: Builtin = () => UNKNOWN;

function isContainer({ receiver, machine }: BuiltinCall): boolean {
  return machine.isContainer(receiver);
}

/** An empty container, or one with what another holds. */
const newList: Builtin = (call) => {
  const held = call.machine.elementOf(first(call), false);
  const items = call.machine.onlyObject(first(call), 'list')?.object;
  return objectValue(call.machine.newObject(items ?? listObject([], held.taint.length > 0 ? held : undefined)));
};

const newMap: Builtin = (call) => {
  const known = call.machine.onlyObject(first(call), 'map')?.object;
  return objectValue(call.machine.newObject(known ?? mapObject(new Map())));
};

const listOf: Builtin = ({ machine, given }) => objectValue(machine.newObject(listObject(given.positional)));

const mapOf: Builtin = ({ machine, given }) => {
  let made: HeapObject = mapObject(new Map());
  const { positional } = given;
  for (let at = 0; at + 1 < positional.length; at += 2) {
    const [key, value = UNKNOWN] = [positional[at]?.constant, positional[at + 1]];
    made = key === undefined ? withRest(made, value) : withEntry(made, String(key), value, true);
  }
  return objectValue(machine.newObject(made));
};

const format: Builtin = ({ given, machine }) => {
  const [pattern = UNKNOWN, ...values] = given.positional;
  const list = values.length === 1 ? machine.onlyObject(values[0] ?? UNKNOWN, 'list')?.object.items : undefined;
  return formatText(pattern, list ?? values, machine);
};

const joinTexts: Builtin = ({ given, machine }) => {
  const [separator = UNKNOWN, ...values] = given.positional;
  const list = values.length === 1 ? machine.onlyObject(values[0] ?? UNKNOWN, 'list')?.object.items : undefined;
  const parts = list ?? values;
  return composeText(
    parts.flatMap((part, index) => (index === 0 ? part : [separator, part])),
    machine,
  );
};

/** A path made of parts stands or falls with each. */
const joinPaths: Builtin = ({ given, machine, receiver, name }) => {
  const parts = receiver === UNKNOWN ? given.positional : [receiver, ...given.positional];
  const taint = parts.reduce((all, value) => unionLabels(all, machine.taintOf(value)), UNKNOWN.taint);
  const views = parts.flatMap((value) => value.views);
  return { ...taintedValue(taint), views, prefix: knownPrefix(parts[0] ?? UNKNOWN) ?? '', name };
};

const pathOf: Builtin = (call) => {
  const joined = joinPaths({ ...call, receiver: UNKNOWN });
  return joined && { ...joined, name: 'java.nio.file.Path' };
};

const file: Builtin = (call) => {
  const joined = joinPaths({ ...call, receiver: UNKNOWN });
  return joined && { ...joined, name: 'java.io.File', objects: [call.machine.allocate()] };
};

/** An address by its text; one that is made of parts is made of all of them. */
const parseAddress: Builtin = (call) => {
  const [value = UNKNOWN, ...others] = call.given.positional;
  if (others.length > 0) return undefined;
  const views = value.views.flatMap((seen) =>
    seen.relation === 'same' ? [{ ...seen, relation: 'address' as const }] : [],
  );
  return { ...taintedValue(call.machine.taintOf(value)), views, prefix: knownPrefix(value), name: call.name };
};

const compile: Builtin = (call) => ({ ...regexOf(first(call), undefined), prefix: 'g' });

const matchesWhole: Builtin = (call) => {
  const [pattern = UNKNOWN, text = UNKNOWN] = call.given.positional;
  return regexResult(regexOf(pattern, undefined), text, true, true, call);
};

const LISTS = ['ArrayList', 'LinkedList', 'Vector', 'HashSet', 'LinkedHashSet', 'TreeSet', 'ArrayDeque', 'Stack'];
const MAPS = ['HashMap', 'LinkedHashMap', 'TreeMap', 'concurrent.ConcurrentHashMap', 'Hashtable'];
const NUMBERS = ['Integer', 'Long', 'Double', 'Float', 'Short', 'Boolean'];

function each(names: readonly string[], run: Builtin): Readonly<Record<string, Builtin>> {
  return Object.fromEntries(names.map((name) => [name, run]));
}

/** What the standard library fixes the meaning of. */
export const JAVA_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  ...FUTURE_FUNCTIONS,
  ...each(
    LISTS.map((name) => `java.util.${name}`),
    newList,
  ),
  ...each(
    MAPS.map((name) => `java.util.${name}`),
    newMap,
  ),
  ...each(
    NUMBERS.map((name) => `${name}.toString`),
    harmless,
  ),
  'java.util.Arrays.asList': listOf,
  'java.util.List.of': listOf,
  'java.util.Set.of': listOf,
  'java.util.Map.of': mapOf,
  'java.util.Collections.singletonList': listOf,
  'java.util.Collections.unmodifiableList': first,
  'java.util.Collections.unmodifiableSet': first,
  'java.util.Collections.unmodifiableMap': first,
  'java.util.Optional.of': first,
  'java.util.Optional.ofNullable': first,
  'java.util.Objects.requireNonNull': first,
  'java.util.Objects.toString': view,
  'java.util.Objects.equals': (call) => {
    const [left = UNKNOWN, right = UNKNOWN] = call.given.positional;
    return { ...UNKNOWN, facts: compareFacts('==', left, right, call.machine) };
  },
  String: view,
  'String.valueOf': view,
  'String.copyValueOf': view,
  'String.format': format,
  'String.join': joinTexts,
  'java.net.URLDecoder.decode': view,
  'java.net.URI': parseAddress,
  'java.net.URI.create': parseAddress,
  'java.net.URL': parseAddress,
  'java.io.File': file,
  'java.nio.file.Paths.get': pathOf,
  'java.nio.file.Path.of': pathOf,
  'java.util.regex.Pattern.compile': compile,
  'java.util.regex.Pattern.matches': matchesWhole,
};

const equals: Builtin = (call) => {
  const { receiver, machine } = call;
  const other = first(call);
  if (typeof receiver.constant === 'string' && typeof other.constant === 'string')
    return constantValue(receiver.constant === other.constant);
  return { ...UNKNOWN, facts: compareFacts('==', receiver, other, machine) };
};

const matches: Builtin = (call) => {
  const { receiver, name } = call;
  // A matcher has the expression as what it begins with.
  if (name === `${MATCHER}.matches`)
    return regexResult(regexValue(receiver.prefix ?? '', ''), receiver, true, true, call);
  return regexResult(regexOf(first(call), undefined), receiver, true, true, call);
};

const MATCHER = 'java.util.regex.Matcher';

const matcher: Builtin = (call) => {
  const { receiver, machine } = call;
  if (receiver.name !== 'RegExp' || typeof receiver.constant !== 'string') return undefined;
  const text = first(call);
  return { ...taintedValue(machine.taintOf(text)), views: text.views, prefix: receiver.constant, name: MATCHER };
};

const find: Builtin = (call) =>
  call.name === `${MATCHER}.find` || call.name === `${MATCHER}.lookingAt`
    ? regexResult(regexValue(call.receiver.prefix ?? '', ''), call.receiver, call.name.endsWith('At'), false, call)
    : undefined;

/** A text in another form: `toString`, `getBytes`. */
const asText: Builtin = (call) => {
  const { receiver, machine } = call;
  if (receiver.constant !== undefined) return constantValue(String(receiver.constant));
  return { ...viewOf(receiver, call), taint: machine.taintOf(receiver), prefix: receiver.prefix };
};

/** `builder.append(x)` changes the builder and gives it back. */
const append: Builtin = (call) => {
  const { receiver, machine, given } = call;
  const taint = given.positional.reduce((all, value) => unionLabels(all, machine.taintOf(value)), UNKNOWN.taint);
  if (taint.length > 0) machine.update(receiver, (held) => withRest(held, taintedValue(taint)));
  return { ...receiver, constant: undefined, prefix: undefined, taint: unionLabels(receiver.taint, taint) };
};

const contains: Builtin = (call) =>
  isContainer(call)
    ? { ...UNKNOWN, facts: membershipFacts(first(call), call.receiver, call.machine) }
    : asScript('includes')(call);

const get: Builtin = (call) => {
  const { receiver, given, place, machine, frame } = call;
  if (!isContainer(call)) return given.positional.length === 0 ? receiver : KEYED_METHODS['get']?.(call);
  const [key = UNKNOWN, otherwise] = given.positional;
  const value = readIndex(receiver, key, place, machine, frame);
  return otherwise ? joinValues(value, otherwise) : value;
};

const put: Builtin = (call) => (isContainer(call) ? CONTAINER_METHODS['set']?.(call) : KEYED_METHODS['put']?.(call));

/** `list.set(index, value)`. */
const setAt: Builtin = (call) => {
  const { receiver, given, machine } = call;
  const [at, value = UNKNOWN] = given.positional;
  if (!isContainer(call)) return undefined;
  const index = at?.constant;
  machine.update(receiver, (held) =>
    held.items && typeof index === 'number' && index < held.items.length
      ? { ...held, items: held.items.with(index, value) }
      : withRest(held, value),
  );
  return UNKNOWN;
};

/** `add(value)`, `add(index, value)`. */
const add: Builtin = (call) => {
  if (!isContainer(call)) return KEYED_METHODS['add']?.(call);
  return CONTAINER_METHODS[call.given.positional.length > 1 ? 'insert' : 'append']?.(call);
};

/** `remove(index)` of a list, `remove(key)`. */
const remove: Builtin = (call) => {
  if (!isContainer(call)) return undefined;
  return CONTAINER_METHODS[typeof first(call).constant === 'number' ? 'pop' : 'remove']?.(call);
};

/** Everything that is in it as a list. */
const elements: Builtin = (call) => {
  const { receiver, machine } = call;
  if (machine.onlyObject(receiver, 'list')) return { ...UNKNOWN, objects: receiver.objects, taint: receiver.taint };
  if (!isContainer(call)) return undefined;
  return objectValue(machine.newObject(listObject([], machine.elementOf(receiver, false))));
};

const oneElement: Builtin = (call) =>
  isContainer(call) ? call.machine.elementOf(call.receiver, false) : { ...call.receiver, name: undefined };

const keys: Builtin = (call) => (isContainer(call) ? CONTAINER_METHODS['keys']?.(call) : undefined);

const normalised: Builtin = (call) => ({ ...viewOf(call.receiver, call), normalised: true });

/** A path below another one. */
const resolve: Builtin = (call) => {
  const joined = joinPaths(call);
  return joined && { ...joined, name: 'java.nio.file.Path' };
};

const hostOf: Builtin = ({ receiver, name }) => {
  const isAddress = /^java\.net\.UR[IL]\b/.test(receiver.name ?? '');
  const views = receiver.views.flatMap((seen) =>
    seen.relation === 'address' || (isAddress && seen.relation === 'same')
      ? [{ ...seen, relation: 'host' as const }]
      : [],
  );
  return views.length === 0 ? undefined : { ...taintedValue(receiver.taint), views, name: `${name}()` };
};

const replaceExpression: Builtin = (call) => {
  const [pattern = UNKNOWN, to = UNKNOWN] = call.given.positional;
  const result = replaced(call.receiver, { ...regexOf(pattern, undefined), prefix: 'g' }, true, to);
  return { ...result, taint: unionLabels(result.taint, call.machine.taintOf(to)) };
};

const concat: Builtin = (call) => composeText([call.receiver, first(call)], call.machine);

const length: Builtin = ({ receiver }) =>
  typeof receiver.constant === 'string' ? constantValue(receiver.constant.length) : UNKNOWN;

const heldValue: Builtin = (call) => {
  const only = call.machine.onlyObject(call.receiver);
  const held = only && contentOf(only.object);
  return held ? joinValues(held, taintedValue(call.receiver.taint)) : { ...call.receiver, name: undefined };
};

/** What a factory makes has the factory's switches. */
const madeBy: Builtin = ({ receiver, name }) => ({ ...receiver, name: `${name}()` });

/** A switch that is set; one that is put out is kept as that. */
const setSwitch: Builtin = (call) => {
  const [key, value] = call.given.positional;
  const name = key && keyOf(key);
  if (name !== undefined && value?.constant === false)
    call.machine.update(call.receiver, (held) => withEntry(held, `${name}=false`, constantValue(true), true));
  return KEYED_METHODS['setFeature']?.(call);
};

const view0: Builtin = (call) => (isContainer(call) ? undefined : asText(call));

export const JAVA_METHODS: Readonly<Record<string, Builtin>> = {
  ...FUTURE_METHODS,
  equals,
  equalsIgnoreCase: equals,
  contentEquals: equals,
  matches,
  matcher,
  find,
  lookingAt: find,
  toString: asText,
  getBytes: asText,
  toCharArray: asText,
  trim: asScript('trim'),
  strip: asScript('trim'),
  toLowerCase: asScript('toLowerCase'),
  toUpperCase: asScript('toUpperCase'),
  intern: view0,
  startsWith: asScript('startsWith'),
  endsWith: asScript('endsWith'),
  indexOf: asScript('indexOf'),
  charAt: asScript('charAt'),
  substring: asScript('substring'),
  split: asScript('split'),
  replace: asScript('replaceAll'),
  replaceAll: replaceExpression,
  concat,
  length,
  append,
  insert: (call) => (isContainer(call) ? undefined : append(call)),
  contains,
  containsKey: contains,
  get,
  getOrDefault: get,
  put,
  set: setAt,
  add,
  addFirst: add,
  addLast: add,
  push: add,
  addAll: (call) => (isContainer(call) ? CONTAINER_METHODS['extend']?.(call) : KEYED_METHODS['extend']?.(call)),
  putAll: (call) => (isContainer(call) ? CONTAINER_METHODS['update']?.(call) : undefined),
  remove,
  clear: (call) => CONTAINER_METHODS['clear']?.(call),
  keySet: keys,
  values: elements,
  entrySet: elements,
  iterator: elements,
  stream: elements,
  parallelStream: elements,
  toList: elements,
  next: oneElement,
  nextElement: oneElement,
  findFirst: oneElement,
  findAny: oneElement,
  getFirst: oneElement,
  getLast: oneElement,
  poll: oneElement,
  peek: oneElement,
  getValue: heldValue,
  orElse: (call) => joinValues(call.receiver, first(call)),
  orElseThrow: (call) => call.receiver,
  map: (call) => CONTAINER_METHODS['map']?.(call),
  flatMap: (call) => CONTAINER_METHODS['map']?.(call),
  filter: (call) => CONTAINER_METHODS['filter']?.(call),
  forEach: (call) => CONTAINER_METHODS['forEach']?.(call),
  setFeature: setSwitch,
  setProperty: setSwitch,
  setAttribute: setSwitch,
  newDocumentBuilder: madeBy,
  newSAXParser: madeBy,
  getXMLReader: madeBy,
  getCanonicalPath: normalised,
  getCanonicalFile: normalised,
  toRealPath: normalised,
  normalize: normalised,
  toAbsolutePath: view0,
  getAbsolutePath: view0,
  toPath: view0,
  resolve,
  getHost: hostOf,
};
