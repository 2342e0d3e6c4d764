import { type Builtin, type BuiltinCall, callBack } from './builtin.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { lengthOf, membershipFacts, ownKeyFacts } from './comparison.ts';
import { factsOf, refinement } from './facts.ts';
import { listObject, mapObject, overwritten, withEntry, withKeys } from './heap-object.ts';
import { HARMLESS_CLASSES } from './idioms.ts';
import { clearLabels, decodeLabels, unionLabels } from './label.ts';
import { readMember } from './members.ts';
import { importedModule, importedValue, requireValue } from './modules.ts';
import { regexOf } from './regex-value.ts';
import { withBase } from './script-libraries.ts';
import { belowFolder, composeText, ROOTED_PATH } from './text.ts';
import { keepsHost, regexResult, viewOf } from './text-methods.ts';
import { replaced } from './text-replacement.ts';
import {
  constantValue,
  joinValues,
  knownPrefix,
  namedValue,
  objectValue,
  taintedValue,
  UNKNOWN,
  type Value,
  type View,
  withTaint,
} from './value.ts';

const first = (call: BuiltinCall): Value => call.given.positional[0] ?? UNKNOWN;

/** The argument in another form. */
const view: Builtin = (call) => {
  const value = first(call);
  if (value.constant !== undefined)
    return typeof value.constant === 'string' ? value : constantValue(String(value.constant));
  return { ...viewOf(value, call), taint: call.machine.taintOf(value) };
};

/** What stands for itself in an address is the same when it is decoded: `#`. */
const decode: Builtin = (call) => {
  const { prefix } = first(call);
  const decoded = view(call);
  return decoded?.constant === undefined && decoded ? { ...decoded, prefix: prefix?.split('%')[0] } : decoded;
};

/** Of an absolute path the name keeps that it is one. */
const normalise: Builtin = (call) => {
  const value = first(call);
  const made = { ...viewOf(value, call), normalised: true };
  if (value.name === 'path.relative()') return { ...made, name: value.name };
  return knownPrefix(value)?.startsWith('/') ? { ...made, name: ROOTED_PATH } : made;
};

/** `join(root, ...parts)`. */
function spreadLabels(before: readonly Value[], spread: Value | undefined): Value['taint'] {
  const labels = decodeLabels(spread?.taint ?? []);
  return before.length === 0 ? labels : belowFolder(labels);
}

/** A path made of parts stands or falls with each. */
const joinPaths: Builtin = (call) => {
  const { positional, spread } = call.given;
  const taint = positional.reduce(
    (all, value, index) => {
      const labels = call.machine.taintOf(value);
      return unionLabels(all, index > 0 && call.name !== 'path.resolve' ? belowFolder(labels) : labels);
    },
    spreadLabels(positional, spread),
  );
  const constants = positional.map((value) => value.constant);
  if (!spread && constants.length > 0 && constants.every((constant) => typeof constant === 'string'))
    return constantValue(constants.join('/'));
  return {
    ...taintedValue(taint),
    views: positional.flatMap((value) => value.views),
    prefix: '',
    name: `${call.name}()`,
  };
};

/** The same as a thing of `pathlib`, which goes on with `/`. */
const pathObject: Builtin = (call) => {
  const joined = joinPaths(call);
  return joined && { ...joined, constant: undefined, name: `${call.name}()` };
};

const parseAddress: Builtin = (call) => {
  const value = first(call);
  const views = value.views.flatMap((seen): View[] =>
    seen.relation === 'same' ? [{ ...seen, relation: 'address' }] : [],
  );
  // A change of its query keeps the host of the page's own address.
  const taint = keepsHost(call.machine.taintOf(value));
  return { ...taintedValue(taint), views, prefix: value.prefix, name: `${call.name}()` };
};

const scriptAddress: Builtin = (call) => {
  const address = parseAddress(call);
  return address && withBase(address, call);
};

/** The length tells nothing of the content. */
const length: Builtin = (call) => {
  const value = first(call);
  if (typeof value.constant === 'string') return constantValue(value.constant.length);
  const items = call.machine.onlyObject(value, 'list')?.object.items;
  return items ? constantValue(items.length) : lengthOf(value);
};

const number: Builtin = (call) => {
  const { constant } = first(call);
  const value = typeof constant === 'string' || typeof constant === 'number' ? Number(constant) : Number.NaN;
  return Number.isFinite(value) ? constantValue(Math.trunc(value)) : undefined;
};

const isInstance: Builtin = (call) => {
  const [value = UNKNOWN, type] = call.given.positional;
  const harmless = type?.name !== undefined && HARMLESS_CLASSES.has(type.name);
  const proven = harmless
    ? value.views.flatMap((seen) => (seen.relation === 'same' ? refinement(seen.cell, EVERYTHING) : []))
    : [];
  return { ...UNKNOWN, facts: factsOf(proven, []) };
};

const compile: Builtin = (call) => ({ ...first(call), name: 're.compile()', views: [] });

const matchWith =
  (coversStart: boolean, coversEnd: boolean): Builtin =>
  (call) =>
    regexResult(first(call), call.given.positional[1] ?? UNKNOWN, coversStart, coversEnd, call);

const substitute: Builtin = (call) => {
  const [pattern = UNKNOWN, to = UNKNOWN, text = UNKNOWN] = call.given.positional;
  const result = replaced(text, { ...pattern, name: 're.compile()' }, true);
  const inserted = to.callables.length > 0 ? callBack(to, [taintedValue(text.taint)], call) : to;
  return { ...result, taint: unionLabels(result.taint, call.machine.taintOf(inserted)) };
};

const toList: Builtin = (call) => {
  const { machine } = call;
  const value = first(call);
  const only = machine.onlyObject(value, 'list');
  const made = only
    ? only.object
    : value === UNKNOWN
      ? listObject([])
      : listObject([], machine.elementOf(value, false));
  return objectValue(machine.newObject(made));
};

const toMap: Builtin = (call) => {
  const { machine, given } = call;
  const only = machine.onlyObject(first(call), 'map');
  const entries = new Map([...(only?.object.entries ?? []), ...given.named]);
  const taint = only ? UNKNOWN.taint : machine.taintOf(first(call));
  const rest = only?.object.rest ?? given.spread ?? (taint.length > 0 ? taintedValue(taint) : undefined);
  return objectValue(machine.newObject(mapObject(entries, rest)));
};

const element: Builtin = (call) => call.machine.elementOf(first(call), false);

const enumerate: Builtin = (call) => {
  const { machine } = call;
  const pair = listObject([UNKNOWN, machine.elementOf(first(call), false)]);
  return objectValue(machine.newObject(listObject([], objectValue(machine.newObject(pair)))));
};

const zip: Builtin = (call) => {
  const { machine, given } = call;
  const tuple = listObject(given.positional.map((value) => machine.elementOf(value, false)));
  return objectValue(machine.newObject(listObject([], objectValue(machine.newObject(tuple)))));
};

const mapOver: Builtin = (call) => {
  const [callback, ...lists] = call.given.positional;
  const elements = lists.map((list) => call.machine.elementOf(list, false));
  const result = callback?.callables.length ? callBack(callback, elements, call) : convertedBy(callback, elements);
  return objectValue(call.machine.newObject(listObject([], result)));
};

/** `map(int, xs)`. */
function convertedBy(callback: Value | undefined, elements: readonly Value[]): Value {
  if (callback?.name !== undefined && HARMLESS_CLASSES.has(callback.name)) return UNKNOWN;
  return elements.reduce(joinValues, elements[0] ?? UNKNOWN);
}

const filterOver: Builtin = (call) => {
  const [callback, list = UNKNOWN] = call.given.positional;
  const held = call.machine.elementOf(list, false);
  if (callback?.callables.length) callBack(callback, [held], call);
  return objectValue(call.machine.newObject(listObject([], held)));
};

const getAttribute: Builtin = (call) => {
  const [object = UNKNOWN, name, otherwise] = call.given.positional;
  if (typeof name?.constant !== 'string') return undefined;
  const value = readMember(object, name.constant, call.place, call.machine, call.frame);
  return otherwise ? joinValues(value, otherwise) : value;
};

const setAttribute: Builtin = (call) => {
  const [object = UNKNOWN, name, value = UNKNOWN] = call.given.positional;
  const key = name?.constant;
  if (typeof key === 'string') call.machine.update(object, (held, strong) => withEntry(held, key, value, strong));
  return UNKNOWN;
};

/** The longest common path of several: equal to a known one, all lie below it. */
const commonPath: Builtin = (call) => {
  const items = call.machine.onlyObject(first(call), 'list')?.object.items ?? call.given.positional;
  const views = items.flatMap((item) =>
    item.views.flatMap((seen): View[] => (seen.relation === 'same' ? [{ ...seen, relation: 'root' }] : [])),
  );
  return { ...UNKNOWN, views };
};

/** Functions of modules that have the name of a method of texts: the text is an argument, not what stands in front. */
const partsOfArguments: Builtin = ({ given, machine }) => {
  const taint = given.positional.flatMap((value) => machine.taintOf(value));
  return objectValue(machine.newObject(listObject([], taintedValue(taint))));
};

/** Pairs of an option, one of those that the program names, and what stands behind it; then the other arguments. */
const optionsOfArguments: Builtin = ({ given, machine }) => {
  const made = (items: readonly Value[], rest?: Value): Value =>
    objectValue(machine.newObject(listObject(items, rest)));
  const [words] = given.positional;
  const argument = words ? taintedValue(machine.taintOf(words)) : UNKNOWN;
  return made([made([], made([UNKNOWN, argument])), made([], argument)]);
};

/** A variable of the environment by name: what `os.environ[name]` gives, or the default. */
const environmentVariable: Builtin = ({ given, place, machine, frame }) => {
  const [name, otherwise] = given.positional;
  if (typeof name?.constant !== 'string') return undefined;
  const value = readMember(namedValue('os.environ'), name.constant, place, machine, frame);
  return otherwise === undefined ? value : joinValues(value, otherwise);
};

/** A module by its name in a text: `require('fs')`, `importlib.import_module('os')`. */
const byName =
  (load: typeof requireValue): Builtin =>
  (call) => {
    const { constant } = first(call);
    return typeof constant === 'string' ? load(constant, call.machine, call.frame) : undefined;
  };

export const PYTHON_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  'getopt.getopt': optionsOfArguments,
  'getopt.gnu_getopt': optionsOfArguments,
  'os.environ.get': environmentVariable,
  'os.getenv': environmentVariable,
  'shlex.split': partsOfArguments,
  're.split': partsOfArguments,
  'regex.split': partsOfArguments,
  'os.path.split': partsOfArguments,
  'posixpath.split': partsOfArguments,
  __import__: byName(importedModule),
  'importlib.import_module': byName(importedModule),
  'codecs.decode': view,
  'codecs.encode': view,
  str: view,
  repr: view,
  bytes: view,
  bytearray: view,
  format: view,
  'os.fspath': view,
  'flask.make_response': first,
  'os.path.join': joinPaths,
  'posixpath.join': joinPaths,
  'pathlib.Path': pathObject,
  'pathlib.PurePath': pathObject,
  'pathlib.PosixPath': pathObject,
  'os.path.realpath': normalise,
  'os.path.abspath': normalise,
  'os.path.normpath': normalise,
  'os.path.expanduser': view,
  'os.path.commonpath': commonPath,
  'os.path.commonprefix': commonPath,
  'urllib.parse.urlparse': parseAddress,
  'urllib.parse.urlsplit': parseAddress,
  'urllib.parse.unquote': view,
  'urllib.parse.unquote_plus': view,
  len: length,
  int: number,
  isinstance: isInstance,
  're.compile': compile,
  're.match': matchWith(true, false),
  're.fullmatch': matchWith(true, true),
  're.search': matchWith(false, false),
  're.sub': substitute,
  list: toList,
  tuple: toList,
  set: toList,
  frozenset: toList,
  sorted: toList,
  reversed: toList,
  iter: toList,
  'collections.deque': toList,
  'copy.copy': first,
  'copy.deepcopy': first,
  dict: toMap,
  'collections.OrderedDict': toMap,
  next: element,
  min: element,
  max: element,
  enumerate,
  zip,
  map: mapOver,
  filter: filterOver,
  getattr: getAttribute,
  setattr: setAttribute,
  hasattr: () => UNKNOWN,
  print: () => UNKNOWN,
  'typing.cast': (call) => call.given.positional[1] ?? UNKNOWN,
};

export const assignObjects: Builtin = (call) => {
  const { machine, given } = call;
  const [target = UNKNOWN, ...sources] = given.positional;
  for (const source of sources) {
    const only = machine.onlyObject(source);
    machine.update(target, (held, strong) => {
      const taint = only?.object.rest ? machine.taintOf(only.object.rest) : source.taint;
      const known = withKeys(held, only?.object.keys ?? UNKNOWN.taint);
      let result = taint.length > 0 ? overwritten(known, taintedValue(taint)) : known;
      for (const [key, value] of only?.object.entries ?? []) result = withEntry(result, key, value, strong);
      return result;
    });
  }
  return target;
};

/** `join(root, normalize('/' + path))`: what climbs out of `/` stays in it. */
function belowRoot(part: Value, index: number): Value {
  return index > 0 && part.name === ROOTED_PATH ? withTaint(part, clearLabels(part.taint, PATH)) : part;
}

const PATH = maskOf(['path']);

const all: Builtin = (call) => first(call);

export const JAVASCRIPT_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  String: view,
  decodeURIComponent: decode,
  decodeURI: decode,
  'path.join': (call) => {
    const joined = joinPaths({ ...call, given: { ...call.given, positional: call.given.positional.map(belowRoot) } });
    const rooted = first(call).constant === '/';
    return joined && { ...joined, normalised: true, name: rooted ? ROOTED_PATH : joined.name };
  },
  'path.relative': (call) => {
    const target = call.given.positional[1] ?? UNKNOWN;
    return {
      ...UNKNOWN,
      taint: call.machine.taintOf(target),
      views: target.views,
      normalised: true,
      name: 'path.relative()',
    };
  },
  'path.resolve': (call) => {
    const joined = joinPaths(call);
    return joined && { ...joined, normalised: true };
  },
  'path.normalize': normalise,
  'fs.realpathSync': normalise,
  URL: scriptAddress,
  'url.parse': scriptAddress,
  'url.URL': scriptAddress,
  'Array.from': (call) => {
    const [, callback] = call.given.positional;
    const list = toList(call);
    if (!list || !callback || callback.callables.length === 0) return list;
    const made = callBack(callback, [call.machine.elementOf(list, false), UNKNOWN], call);
    return objectValue(call.machine.newObject(listObject([], made)));
  },
  'Array.of': (call) => objectValue(call.machine.newObject(listObject(call.given.positional))),
  Array: toList,
  Set: toList,
  'Object.assign': assignObjects,
  'Object.create': () => undefined,
  'Object.freeze': all,
  'Object.hasOwn': (call) => {
    const key = call.given.positional[1] ?? UNKNOWN;
    const facts = membershipFacts(key, first(call), call.machine) ?? ownKeyFacts(key, first(call), call.machine);
    return { ...UNKNOWN, facts };
  },
  'Promise.resolve': all,
  'Promise.all': all,
  'Promise.allSettled': all,
  'Promise.race': element,
  'util.promisify': all,
  structuredClone: all,
  require: byName(requireValue),
  import: byName(importedValue),
  RegExp: (call) => regexOf(first(call), call.given.positional[1]),
  'String.raw': (call) => composeText(call.given.positional, call.machine),
};
