import { type Builtin, type BuiltinCall, callValue } from './builtin.ts';
import { assignObjects } from './builtin-functions.ts';
import { maskOf } from './category-mask.ts';
import { factsOf, refinement } from './facts.ts';
import { listObject, mapObject, OPAQUE, withEntry, withRest } from './heap-object.ts';
import { clearLabels, type Label } from './label.ts';
import type { Machine } from './machine.ts';
import { noteHarmless } from './response-type.ts';
import { ADDRESS, composeText, staysOnHost } from './text.ts';
import {
  constantValue,
  joinValues,
  namedValue,
  objectValue,
  taintedValue,
  UNKNOWN,
  type Value,
  type View,
} from './value.ts';

/** `document.createElement('img')`: what kind of element it is stays part of its name. */
const createElement: Builtin = ({ name, given, machine }) => {
  const tag = given.positional[0]?.constant;
  const kind = typeof tag === 'string' && /^[a-zA-Z]{1,20}$/.test(tag) ? tag.toLowerCase() : '';
  return { ...namedValue(`${name}(${kind})`), objects: [machine.newObject(OPAQUE)] };
};

/** Members of a parsed address that do not decide where it leads (WHATWG URL, 4.4). */
const PARTS_BEHIND_HOST: ReadonlySet<string> = new Set(['pathname', 'path', 'search', 'hash', 'query', 'searchParams']);

/** `url.format({ pathname, query })`: only the host and what stands before it decide where it leads. */
const formatAddress: Builtin = ({ name, given, machine }) => {
  const [parts = UNKNOWN] = given.positional;
  const only = machine.onlyObject(parts, 'map');
  if (!only || only.object.rest) return undefined;
  let taint: readonly Label[] = [];
  for (const [part, value] of only.object.entries) taint = [...taint, ...addressPart(part, machine.taintOf(value))];
  return { ...taintedValue(taint), name: `${name}()` };
};

/** What a part of an address can still do in the whole. */
export function addressPart(name: string, taint: readonly Label[]): readonly Label[] {
  return PARTS_BEHIND_HOST.has(name) ? clearLabels(taint, ADDRESS) : taint;
}

/** `readable.pipe(writable)` gives the writable (nodejs.org/api/stream.html). */
const pipe: Builtin = ({ given }) => {
  const [target] = given.positional;
  return target && (target.name !== undefined || target.objects.length > 0) ? target : undefined;
};

/** `new Map([[key, value]])`. */
const makeMap: Builtin = ({ given, machine }) => {
  const [pairs] = given.positional;
  const holder = objectValue(machine.newObject(mapObject(new Map())));
  const items = pairs && machine.onlyObject(pairs, 'list')?.object.items;
  if (items) for (const pair of items) putPair(holder, pair, machine);
  else if (pairs) {
    const content = machine.elementOf(pairs, false);
    const value = machine.isContainer(content) ? machine.elementOf(content, false) : content;
    machine.update(holder, (held) => withRest(held, value));
  }
  return { ...holder, name: 'Map()' };
};

function putPair(holder: Value, pair: Value, machine: Machine): void {
  const [key, value = UNKNOWN] = machine.onlyObject(pair, 'list')?.object.items ?? [];
  const constant = key?.constant;
  machine.update(holder, (held) =>
    constant === undefined
      ? withRest(held, key ? value : machine.elementOf(pair, false))
      : withEntry(held, String(constant), value, true),
  );
}

/** What `for … of` gives of a map: pairs. */
export function pairOf(map: Value, machine: Machine): Value | undefined {
  const only = machine.onlyObject(map, 'map');
  if (!only) return undefined;
  const key = machine.elementOf(map, true);
  return objectValue(machine.newObject(listObject([key, machine.elementOf(map, false)])));
}

/** `async.waterfall([f, g])`: each function hands its results to the next by a callback whose first argument is an error. */
const waterfall: Builtin = (call) => {
  const { given, machine } = call;
  const [list = UNKNOWN, last] = given.positional;
  const steps = machine.onlyObject(list, 'list')?.object.items;
  if (!steps) return undefined;
  let held: Value | undefined;
  for (const step of steps) held = runStep(step, held, call);
  if (last) callValue(last, { ...given, positional: [UNKNOWN, held ?? UNKNOWN] }, call.place, machine, call.frame);
  return UNKNOWN;
};

function runStep(step: Value, before: Value | undefined, { given, machine, place, frame }: BuiltinCall): Value {
  const holder = objectValue(machine.newObject(OPAQUE));
  const callback: Value = { ...UNKNOWN, callables: [{ kind: 'method', name: 'deliver', receiver: holder }] };
  const closure = step.callables.find((callable) => callable.kind === 'function');
  const values = Math.max(0, (closure?.node.parameters.length ?? 1) - 1);
  const handed = Array.from({ length: values }, () => before ?? UNKNOWN);
  callValue(step, { ...given, positional: [...handed, callback] }, place, machine, frame);
  return machine.onlyObject(holder)?.object.rest ?? UNKNOWN;
}

/** `text.concat(a, b)`; lists have their own. */
const concatText: Builtin = ({ receiver, given, machine }) =>
  machine.isContainer(receiver) || given.positional.some((value) => machine.isContainer(value))
    ? undefined
    : composeText([receiver, ...given.positional], machine);

/** `new URL(path, base)`: an address, also when it is changed later. */
export function withBase(address: Value, { given, machine }: BuiltinCall): Value {
  const [, base] = given.positional;
  const based = base && !staysOnHost(base);
  const joined = based ? joinValues(address, { ...address, taint: machine.taintOf(base) }) : address;
  return { ...joined, name: address.name, objects: [machine.newObject(OPAQUE)] };
}

/** `path.isAbsolute(path)`: what is not begins below some folder. */
const isAbsolute: Builtin = ({ given }) => {
  const [path = UNKNOWN] = given.positional;
  const relative = path.views.flatMap((seen) =>
    seen.relation === 'same' ? { ...refinement(seen.cell, 0), quotes: '/' } : [],
  );
  return { ...UNKNOWN, facts: factsOf([], relative) };
};

/** `path.basename(path)`: whoever is equal to it has no folder. */
const baseName: Builtin = ({ name, given, machine }) => {
  const [path = UNKNOWN] = given.positional;
  if (path.constant !== undefined) return undefined;
  const views = path.views.flatMap(({ cell, relation }): View[] =>
    relation === 'same' ? [{ cell, relation: 'name' }] : [],
  );
  return { ...taintedValue(machine.taintOf(path)), views, name: `${name}()` };
};

/** Parts of a path in which there is no folder. */
const OWN_NAMES = ['base', 'name', 'ext'];

/** `path.parse(path)`. */
const partsOfPath: Builtin = ({ given, machine }) => {
  const taint = machine.taintOf(given.positional[0] ?? UNKNOWN);
  const own = taintedValue(clearLabels(taint, PATH));
  const entries = new Map(OWN_NAMES.map((part) => [part, own]));
  return objectValue(machine.newObject(mapObject(entries.set('dir', taintedValue(taint)))));
};

const PATH = maskOf(['path']);

/** `path.dirname(path)`: in a known folder there is nothing to climb. */
const folderName: Builtin = ({ name, given, machine }) => {
  const [path = UNKNOWN] = given.positional;
  if (path.constant !== undefined || !path.normalised) return undefined;
  const views = path.views.flatMap(({ cell, relation }): View[] =>
    relation === 'same' ? [{ cell, relation: 'root' }] : [],
  );
  return { ...taintedValue(machine.taintOf(path)), views, normalised: true, name: `${name}()` };
};

/** The same path with slashes of one kind. */
const samePath: Builtin = ({ given }) => given.positional[0];

/** `inject(Service)` gives the service (angular.dev, dependency injection). */
const inject: Builtin = ({ given }) => {
  const [service] = given.positional;
  return service?.name === undefined || service.callables.length > 0 ? undefined : namedValue(service.name);
};

/** `$.extend(true, target, defaults, options)`, with or without `true`. */
const extend: Builtin = (call) => {
  const { positional } = call.given;
  const values = typeof positional[0]?.constant === 'boolean' ? positional.slice(1) : positional;
  const [target] = values;
  return target && call.machine.isContainer(target)
    ? assignObjects({ ...call, given: { ...call.given, positional: values } })
    : undefined;
};

/** `classNames('a', { b: test })`: names of classes; of a map the keys alone. */
const joinClasses: Builtin = ({ name, given, machine }) => {
  const taint = given.positional.flatMap((value) => {
    const only = machine.onlyObject(value, 'map')?.object;
    return only ? machine.elementOf(value, true).taint : machine.taintOf(value);
  });
  return { ...taintedValue(taint), name: `${name}()` };
};

/** Types of content by ending that no browser takes for a page (IANA, media types). */
const TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  csv: 'text/csv',
  css: 'text/css',
  js: 'text/javascript',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  html: 'text/html',
};

/** `mime.lookup('a.txt')`. */
const typeOfName: Builtin = ({ given }) => {
  const name = given.positional[0]?.constant;
  const type = typeof name === 'string' ? TYPES[name.slice(name.lastIndexOf('.') + 1)] : undefined;
  return type === undefined ? undefined : constantValue(type);
};

/** `trustedTypes.createPolicy(name, { createHTML })`: a policy is its functions. */
const createPolicy: Builtin = ({ given }) => given.positional[1];

/** Types of `response.format` whose answers are pages (expressjs.com/en/5x/api.html#res.format). */
const PAGES = /html|xml|default/;

/** `response.format({ text: () => …, html: () => … })`: each function answers with the type that is its key. */
const respondByType: Builtin = ({ receiver, given, place, machine, frame }) => {
  const only = machine.onlyObject(given.positional[0] ?? UNKNOWN, 'map');
  if (!only || only.object.rest) return undefined;
  const outer = machine.store;
  for (const [type, answer] of only.object.entries) {
    machine.store = outer.fork();
    if (!PAGES.test(type)) noteHarmless(receiver, MARKUP, machine);
    callValue(answer, { ...given, positional: [] }, place, machine, frame);
    for (const callable of answer.callables) if (callable.kind === 'function') machine.ran.add(callable.node);
    machine.store = outer;
  }
  return UNKNOWN;
};

const MARKUP = maskOf(['xss']);

/** Functions of the platform and of libraries that change what is known of a value. */
export const LIBRARY_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  'document.createElement': createElement,
  'url.format': formatAddress,
  Map: makeMap,
  'async.waterfall': waterfall,
  '$.extend': extend,
  'jQuery.extend': extend,
  'jquery.extend': extend,
  extend,
  'lodash.extend': extend,
  'lodash.assign': extend,
  '_.extend': extend,
  '_.assign': extend,
  'underscore.extend': extend,
  'object-assign': extend,
  '@angular/core.inject': inject,
  'path.isAbsolute': isAbsolute,
  'path.basename': baseName,
  'path.dirname': folderName,
  'path.parse': partsOfPath,
  classnames: joinClasses,
  'classnames/dedupe': joinClasses,
  clsx: joinClasses,
  'clsx.clsx': joinClasses,
  classcat: joinClasses,
  classNames: joinClasses,
  slash: samePath,
  'normalize-path': samePath,
  'mime.lookup': typeOfName,
  'mime.getType': typeOfName,
  'mime-types.lookup': typeOfName,
  'mime-types.contentType': typeOfName,
  'express.Response.format': respondByType,
  'trustedTypes.createPolicy': createPolicy,
  'window.trustedTypes.createPolicy': createPolicy,
};

export const LIBRARY_METHODS: Readonly<Record<string, Builtin>> = {
  pipe,
  concat: concatText,
};
