import { type Builtin, type BuiltinCall, callValue } from './builtin.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { isNumber, numberOf, ownKeyFacts } from './comparison.ts';
import { factsOf, type Refinement } from './facts.ts';
import { listObject, mapObject, OPAQUE, withEntry } from './heap-object.ts';
import { exposeLabels } from './label.ts';
import { characterViews } from './members.ts';
import { loaderData } from './page-data.ts';
import { formatText } from './text.ts';
import { constantValue, namedValue, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

/** What only a structure can be dangerous for, as opposed to a text. */
const STRUCTURE = maskOf(['nosql', 'prototype']);

/** `JSON.parse(text)`: what was checked to be a text is a structure again. */
const parseJson: Builtin = ({ given, machine }) => {
  const [text = UNKNOWN] = given.positional;
  return { ...taintedValue(exposeLabels(machine.taintOf(text), STRUCTURE)), name: 'JSON.parse()' };
};

/** Another form of the same thing. */
const first: Builtin = ({ given }) => given.positional[0];

/** A number tells nothing of the text that it was made of. */
const harmless: Builtin = () => UNKNOWN;

/** `Number(text)`: harmless itself, and when it is a number so is the text. */
const toNumber: Builtin = ({ given }) => numberOf(given.positional[0] ?? UNKNOWN);

/** What holds when the first argument is a number, or would be taken for one. */
function provenNumber({ given }: BuiltinCall, coerces: boolean): readonly Refinement[] {
  const [value = UNKNOWN] = given.positional;
  return isNumber(coerces ? { ...value, views: [...value.views, ...numberOf(value).views] } : value);
}

/** What is not "not a number" is one; `Number.isNaN` says so of numbers alone. */
const notNumber =
  (coerces: boolean): Builtin =>
  (call) => ({ ...UNKNOWN, facts: factsOf([], provenNumber(call, coerces)) });

/** `isFinite(text)`, `Number.isInteger(value)`: no text passes the second. */
const finite: Builtin = (call) => ({ ...UNKNOWN, facts: factsOf(provenNumber(call, true), []) });

/** `util.format('%s', value)`. */
const format: Builtin = ({ given, machine }) => {
  const [pattern = UNKNOWN, ...values] = given.positional;
  return formatText(pattern, values, machine);
};

/** `partial(f, a, b)`: the function with its first arguments fixed. */
const partial: Builtin = ({ given }) => {
  const [target, ...fixed] = given.positional;
  return target && withFixed(target, fixed);
};

/** Ramda gives the arguments as a list. */
const partialOfList: Builtin = ({ given, machine }) => {
  const [target, list = UNKNOWN] = given.positional;
  const fixed = machine.onlyObject(list, 'list')?.object.items ?? [machine.elementOf(list, false)];
  return target && withFixed(target, fixed);
};

/** A function whose calls begin with these arguments; `undefined` when nobody knows what it is. */
export function withFixed(target: Value, fixed: readonly Value[]): Value | undefined {
  if (target.callables.length === 0) {
    if (target.name === undefined || fixed.length === 0) return target.name === undefined ? undefined : target;
    return { ...UNKNOWN, callables: [{ kind: 'method', name: BOUND, receiver: target, fixed }] };
  }
  const callables = target.callables.map((callable) =>
    callable.kind === 'function' ? { ...callable, fixed: [...(callable.fixed ?? []), ...fixed] } : callable,
  );
  return { ...target, callables };
}

/** The name of a function of a library whose first arguments are fixed. */
export const BOUND = 'bound';

const argument = ({ given }: BuiltinCall): Value => given.positional[0] ?? UNKNOWN;

/** `JSON.stringify` and its like: the text of what is inside. */
const textOf: Builtin = (call) => ({
  ...taintedValue(call.machine.taintOf(argument(call))),
  prefix: '',
  name: `${call.name}()`,
});

const keysOf: Builtin = (call) => {
  const only = call.machine.onlyObject(argument(call));
  const names = [...(only?.object.entries.keys() ?? [])].map(constantValue);
  const taint = only ? call.machine.elementOf(argument(call), true).taint : argument(call).taint;
  return objectValue(call.machine.newObject(listObject(names, taint.length > 0 ? taintedValue(taint) : undefined)));
};

const valuesOf: Builtin = (call) =>
  objectValue(call.machine.newObject(listObject([], call.machine.elementOf(argument(call), false))));

/** Pairs of a key and a value. */
const entriesOf: Builtin = ({ given, machine }) => {
  const [object = UNKNOWN] = given.positional;
  const pair = listObject([machine.elementOf(object, true), machine.elementOf(object, false)]);
  return objectValue(machine.newObject(listObject([], objectValue(machine.newObject(pair)))));
};

/** `Object.getOwnPropertyDescriptor(object, key)`: there is one of what the object has itself. */
const ownProperty: Builtin = ({ given, machine, name }) => {
  const [object = UNKNOWN, key = UNKNOWN] = given.positional;
  return { ...namedValue(`${name}()`), facts: ownKeyFacts(key, object, machine) };
};

/** `_.forOwn(object, (value, key) => …)`. */
const eachOwn: Builtin = ({ given, place, machine, frame }) => {
  const [object = UNKNOWN, callback] = given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const values = [machine.elementOf(object, false), machine.elementOf(object, true), object];
  return callValue(callback, { ...given, positional: values }, place, machine, frame) ?? UNKNOWN;
};

/** `const [state, setState] = useState(initial)`: whatever is set is found in the state. */
const useState: Builtin = ({ given, machine, frame, place }) => {
  const [written = UNKNOWN] = given.positional;
  const initial = callValue(written, { ...given, positional: [] }, place, machine, frame) ?? written;
  const holder = objectValue(machine.newObject(OPAQUE));
  const state: Value = { ...initial, constant: undefined, objects: [...initial.objects, ...holder.objects] };
  const setter: Value = { ...UNKNOWN, callables: [{ kind: 'method', name: 'settle', receiver: holder }] };
  return objectValue(machine.newObject(listObject([state, setter])));
};

/** `useRef(initial)` and `createRef()`: an object with one field. */
const useRef: Builtin = ({ given, machine }) => {
  const [initial = constantValue(null)] = given.positional;
  return objectValue(machine.newObject(withEntry(mapObject(new Map()), 'current', initial, true)));
};

/** `useMemo(() => value)`, `useCallback(f)`, `useEffect(f)`: the function is run. */
const runNow = (call: BuiltinCall): Value | undefined => {
  const [callback] = call.given.positional;
  return callback && callValue(callback, { ...call.given, positional: [] }, call.place, call.machine, call.frame);
};

/** `async.each(list, f)` and the like. */
const eachOf: Builtin = ({ given, place, machine, frame }) => {
  const [list = UNKNOWN, callback] = given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const element = machine.elementOf(list, false);
  return callValue(callback, { ...given, positional: [element, UNKNOWN, UNKNOWN] }, place, machine, frame) ?? UNKNOWN;
};

/** `$.each(list, (index, value) => …)`. */
const eachNumbered: Builtin = ({ given, place, machine, frame }) => {
  const [list = UNKNOWN, callback] = given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const index = machine.onlyObject(list, 'list') ? UNKNOWN : machine.elementOf(list, true);
  const values = [index, machine.elementOf(list, false)];
  return callValue(callback, { ...given, positional: values }, place, machine, frame) ?? UNKNOWN;
};

/** Functions of the language and of libraries whose meaning is more than "what goes in may come out". */
export const SCRIPT_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  'Object.entries': entriesOf,
  'Object.keys': keysOf,
  'Object.values': valuesOf,
  'JSON.stringify': textOf,
  'Object.getOwnPropertyDescriptor': ownProperty,
  'Reflect.getOwnPropertyDescriptor': ownProperty,
  'JSON.parse': parseJson,
  'bluebird.promisify': first,
  'bluebird.promisifyAll': first,
  'es6-promisify.promisify': first,
  pify: first,
  'util.callbackify': first,
  'util.format': format,
  printf: format,
  'sprintf-js.sprintf': format,
  parseInt: harmless,
  parseFloat: harmless,
  Number: toNumber,
  'String.fromCharCode': harmless,
  'String.fromCodePoint': harmless,
  'Number.parseInt': harmless,
  'Number.parseFloat': harmless,
  Boolean: harmless,
  BigInt: harmless,
  isNaN: notNumber(true),
  'Number.isNaN': notNumber(false),
  isFinite: finite,
  'Number.isFinite': finite,
  'Number.isInteger': finite,
  'Number.isSafeInteger': finite,
  'lodash.partial': partial,
  '_.partial': partial,
  'underscore.partial': partial,
  'ramda.partial': partialOfList,
  'R.partial': partialOfList,
  'react.useState': useState,
  'react.useRef': useRef,
  'react.createRef': useRef,
  '@remix-run/react.useLoaderData': loaderData,
  'react-router.useLoaderData': loaderData,
  'react-router-dom.useLoaderData': loaderData,
  '@remix-run/node.json': first,
  '@remix-run/cloudflare.json': first,
  'react-router.data': first,
  'vue.computed': runNow,
  'react.useMemo': runNow,
  'react.useEffect': runNow,
  'react.useLayoutEffect': runNow,
  'async.each': eachOf,
  'async.eachSeries': eachOf,
  'async.map': eachOf,
  'lodash.each': eachOf,
  'lodash.forEach': eachOf,
  '_.each': eachOf,
  '_.forEach': eachOf,
  'underscore.each': eachOf,
  ...Object.fromEntries(
    ['lodash', '_'].flatMap((library) =>
      ['forOwn', 'forIn', 'forOwnRight', 'forInRight', 'mapValues'].map((name) => [`${library}.${name}`, eachOwn]),
    ),
  ),
  'jquery.each': eachNumbered,
  'jQuery.each': eachNumbered,
  '$.each': eachNumbered,
};

/** Listeners of one event that are called when it happens. */
const MOST_LISTENERS = 8;

/** `emitter.on('event', f)`. */
const listen: Builtin = ({ given, machine }) => {
  const [event, listener] = given.positional;
  if (typeof event?.constant !== 'string' || !listener || listener.callables.length === 0) return undefined;
  const known = machine.listeners.get(event.constant) ?? [];
  if (known.length < MOST_LISTENERS) machine.listeners.set(event.constant, [...known, listener]);
  return undefined;
};

/** `emitter.emit('event', value)`: listeners of any emitter with an event of this name get it. */
const announce: Builtin = ({ given, place, machine, frame }) => {
  const [event, ...values] = given.positional;
  if (typeof event?.constant !== 'string') return undefined;
  for (const listener of machine.listeners.get(event.constant) ?? [])
    callValue(listener, { ...given, positional: values }, place, machine, frame);
  return UNKNOWN;
};

/** `text.charAt(0)`. */
const character: Builtin = ({ receiver, given, machine, name }) => {
  const [at = constantValue(0)] = given.positional;
  if (machine.isContainer(receiver)) return undefined;
  if (typeof receiver.constant === 'string' && at.constant !== undefined) return undefined;
  return { ...taintedValue(receiver.taint), views: characterViews(receiver, at, machine), name: `${name}()` };
};

/** `text.repeat(count)`, `text.padEnd(length)`: the numbers say nothing of what the text holds. */
const lengthened: Builtin = ({ receiver, given, machine, name }) => {
  if (machine.isContainer(receiver)) return undefined;
  const filled = given.positional[1];
  return { ...taintedValue([...receiver.taint, ...(filled ? machine.taintOf(filled) : [])]), name: `${name}()` };
};

/** Methods of texts that give a number, and of emitters. */
export const SCRIPT_METHODS: Readonly<Record<string, Builtin>> = {
  on: listen,
  once: listen,
  addListener: listen,
  emit: announce,
  charCodeAt: harmless,
  codePointAt: harmless,
  charAt: character,
  at: character,
  repeat: lengthened,
  padStart: lengthened,
  padEnd: lengthened,
  getFullYear: harmless,
  getMonth: harmless,
  getDate: harmless,
  getDay: harmless,
  getHours: harmless,
  getMinutes: harmless,
  localeCompare: harmless,
  getTime: harmless,
  toFixed: harmless,
  toPrecision: harmless,
  toExponential: harmless,
};

/** Categories other than the pollution of prototypes: what a chosen key is not dangerous for. */
export const ALL_BUT_PROTOTYPE = EVERYTHING & ~maskOf(['prototype']);
