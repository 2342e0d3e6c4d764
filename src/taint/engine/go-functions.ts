import { type Builtin, type BuiltinCall, callBack, iterated } from './builtin.ts';
import { maskOf } from './category-mask.ts';
import { compareFacts, membershipFacts } from './comparison.ts';
import { contentOf, listObject, withRest } from './heap-object.ts';
import { clearLabels, neutraliseQuote, unionLabels } from './label.ts';
import { regexOf } from './regex-value.ts';
import { composeText } from './text.ts';
import { JAVASCRIPT_METHODS, keepsHost, regexResult, viewOf } from './text-methods.ts';
import { replaced } from './text-replacement.ts';
import { constantValue, joinValues, knownPrefix, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

const PATH = maskOf(['path']);
const LINES = maskOf(['log', 'header', 'email']);

const first = (call: BuiltinCall): Value => call.given.positional[0] ?? UNKNOWN;

/** A function of `strings` is the method of its first argument. */
const asMethod =
  (method: string): Builtin =>
  (call) => {
    const [receiver = UNKNOWN, ...positional] = call.given.positional;
    const given = { ...call.given, positional };
    return JAVASCRIPT_METHODS[method]?.({ ...call, name: `${call.name}.${method}`, receiver, given });
  };

/** The same text in another form. */
const view: Builtin = (call) => {
  const value = first(call);
  return typeof value.constant === 'string' ? value : { ...viewOf(value, call), taint: call.machine.taintOf(value) };
};

/** `[]byte(text)`: the very same. */
const same: Builtin = (call) => {
  const seen = view(call);
  return seen && { ...seen, prefix: seen.prefix ?? first(call).prefix };
};

const harmless: Builtin = () => UNKNOWN;

/** `append(list, a, b)`: a list with more in it; the old one may be the same. */
const append: Builtin = (call) => {
  const { machine, given } = call;
  const [list = UNKNOWN, ...added] = given.positional;
  const items = machine.onlyObject(list, 'list')?.object.items;
  if (items && !given.spread) return objectValue(machine.newObject(listObject([...items, ...added])));
  const held = machine.elementOf(list, false);
  const all = [...added, ...(given.spread ? [given.spread] : [])].reduce(joinValues, held);
  return objectValue(machine.newObject(listObject([], all)));
};

/** `copy(to, from)`. */
const copy: Builtin = ({ machine, given }) => {
  const [to, from = UNKNOWN] = given.positional;
  if (to) machine.update(to, (held) => withRest(held, machine.elementOf(from, false)));
  return UNKNOWN;
};

const length: Builtin = (call) => {
  const { constant } = first(call);
  return typeof constant === 'string' ? constantValue(constant.length) : UNKNOWN;
};

/** The first of a `range`: a number for a list, anything for what outsiders sent, of a channel what is in it. */
const rangeKey: Builtin = (call) => {
  const { machine } = call;
  const value = iterated(first(call), call.place, machine, call.frame);
  const isRow = value.objects.length > 0 && value.objects.every((id) => machine.object(id).kind === 'opaque');
  if (isRow) return machine.elementOf(value, false);
  if (value.objects.some((id) => machine.object(id).kind === 'list')) return UNKNOWN;
  return taintedValue(machine.elementOf(value, true).taint);
};

const VERB = /%[-+# 0]{0,5}(?:\d{1,6}|\*)?(?:\.(?:\d{1,6}|\*)?)?([a-zA-Z%])/g;

/** What a value becomes by a verb (Go, package fmt): numbers are harmless, `%q` is one line between quotation marks. */
function shown(value: Value, verb: string, call: BuiltinCall): Value {
  if (/[dtbcoOxXUeEfFgGpT]/.test(verb)) return UNKNOWN;
  if (verb !== 'q') return value;
  return taintedValue(neutraliseQuote(clearLabels(call.machine.taintOf(value), LINES), '"'));
}

/** `fmt.Sprintf(format, values…)`. */
const sprintf: Builtin = (call) => {
  const [format = UNKNOWN, ...values] = call.given.positional;
  const template = format.constant;
  const spread = call.given.spread ? [call.given.spread] : [];
  if (typeof template !== 'string') return composeText([format, ...values, ...spread], call.machine);
  const parts: Value[] = [];
  let last = 0;
  let next = 0;
  for (const match of template.matchAll(VERB)) {
    const [mark, verb = ''] = match;
    parts.push(constantValue(template.slice(last, match.index) + (verb === '%' ? '%' : '')));
    last = match.index + mark.length;
    if (verb === '%') continue;
    const value = values[next++];
    parts.push(...(value ? [shown(value, verb, call)] : spread));
  }
  return composeText([...parts, constantValue(template.slice(last)), ...values.slice(next)], call.machine);
};

const sprint: Builtin = (call) => composeText(call.given.positional, call.machine);

/** Joined and cleaned: what does not climb out at its beginning stays below. */
const joinPaths: Builtin = (call) => {
  const { machine, given } = call;
  const [root = UNKNOWN] = given.positional;
  const constants = given.positional.map(({ constant }) => constant);
  if (constants.length > 0 && constants.every((constant) => typeof constant === 'string'))
    return constantValue(constants.join('/'));
  const taint = given.positional.reduce(
    (all, value) => unionLabels(all, machine.taintOf(value)),
    given.spread?.taint ?? UNKNOWN.taint,
  );
  const views = given.positional.flatMap((value) => value.views);
  // Nothing is above the root.
  const rooted = root.constant === '/' ? clearLabels(taint, PATH) : taint;
  return { ...taintedValue(rooted), views, prefix: knownPrefix(root) ?? '', normalised: true, name: `${call.name}()` };
};

/** `filepath.Clean`: with a slash in front nothing is left of `..`. */
const clean: Builtin = (call) => {
  const value = first(call);
  if (value.constant !== undefined) return value;
  const taint = knownPrefix(value)?.startsWith('/') ? clearLabels(value.taint, PATH) : value.taint;
  return { ...viewOf(value, call), taint, prefix: knownPrefix(value), normalised: true };
};

/** A path below another one, `..` in front where it is not below. */
const relative: Builtin = (call) => {
  const target = call.given.positional[1] ?? UNKNOWN;
  return { ...viewOf(target, call), taint: call.machine.taintOf(target), normalised: true };
};

/** Directory and file, of which neither is an error. */
const splitPath: Builtin = (call) => {
  const part = taintedValue(call.machine.taintOf(first(call)));
  const file = taintedValue(clearLabels(part.taint, PATH));
  return objectValue(call.machine.newObject(listObject([part, file])));
};

const parseAddress: Builtin = (call) => {
  const value = first(call);
  const views = value.views.flatMap((seen) =>
    seen.relation === 'same' ? [{ ...seen, relation: 'address' as const }] : [],
  );
  return { ...taintedValue(keepsHost(call.machine.taintOf(value))), views, name: `${call.name}()` };
};

const compile: Builtin = (call) => ({ ...regexOf(first(call), undefined), prefix: 'g' });

const contains: Builtin = (call) => {
  const [container = UNKNOWN, value = UNKNOWN] = call.given.positional;
  return { ...UNKNOWN, facts: membershipFacts(value, container, call.machine) };
};

const equalFold: Builtin = (call) => {
  const [left = UNKNOWN, right = UNKNOWN] = call.given.positional;
  return { ...UNKNOWN, facts: compareFacts('==', left, right, call.machine) };
};

const matchText: Builtin = (call) => {
  const [pattern = UNKNOWN, text = UNKNOWN] = call.given.positional;
  return regexResult(regexOf(pattern, undefined), text, false, false, call);
};

const joinList: Builtin = (call) => {
  const { machine, given } = call;
  const [list = UNKNOWN, separator = UNKNOWN] = given.positional;
  const items = machine.onlyObject(list, 'list')?.object.items;
  if (!items) return taintedValue(machine.taintOf(list));
  return composeText(
    items.flatMap((item, index) => (index === 0 ? item : [separator, item])),
    machine,
  );
};

/** `strings.Map(f, text)`: what the function gives. */
const mapText: Builtin = (call) => {
  const [callback, text = UNKNOWN] = call.given.positional;
  return callback?.callables.length ? callBack(callback, [taintedValue(text.taint)], call) : undefined;
};

const replaceAll = asMethod('replaceAll');

/** What the language and its standard library fix the meaning of. */
export const GO_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  append,
  copy,
  len: length,
  cap: harmless,
  string: same,
  'range.key': rangeKey,
  ...Object.fromEntries(
    ['int', 'int8', 'int16', 'int32', 'int64', 'uint', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'].map(
      (name) => [name, harmless],
    ),
  ),
  'fmt.Sprintf': sprintf,
  'fmt.Errorf': sprintf,
  'fmt.Sprint': sprint,
  'fmt.Sprintln': sprint,
  'path.Join': joinPaths,
  'path/filepath.Join': joinPaths,
  'path.Clean': clean,
  'path/filepath.Clean': clean,
  'path/filepath.Abs': clean,
  'path/filepath.EvalSymlinks': clean,
  'path/filepath.ToSlash': view,
  'path/filepath.FromSlash': view,
  'path/filepath.Rel': relative,
  'path/filepath.Split': splitPath,
  'path.Split': splitPath,
  'net/url.Parse': parseAddress,
  'net/url.ParseRequestURI': parseAddress,
  'regexp.MustCompile': compile,
  'regexp.Compile': compile,
  'regexp.MatchString': matchText,
  'regexp.Match': matchText,
  'slices.Contains': contains,
  'golang.org/x/exp/slices.Contains': contains,
  'strings.HasPrefix': asMethod('startsWith'),
  'strings.HasSuffix': asMethod('endsWith'),
  'strings.Contains': asMethod('includes'),
  'strings.Index': asMethod('indexOf'),
  'strings.ReplaceAll': replaceAll,
  'strings.Replace': (call) => {
    const all = call.given.positional[3]?.constant === -1;
    return all ? replaceAll(call) : taintedValue(call.machine.taintOf(first(call)));
  },
  'strings.ToLower': asMethod('toLowerCase'),
  'strings.ToUpper': asMethod('toUpperCase'),
  'strings.TrimSpace': asMethod('trim'),
  'strings.Trim': view,
  'strings.TrimLeft': view,
  'strings.TrimRight': view,
  'strings.TrimPrefix': view,
  'strings.TrimSuffix': view,
  'strings.Split': asMethod('split'),
  'strings.SplitN': asMethod('split'),
  'strings.Fields': asMethod('split'),
  'strings.Join': joinList,
  'strings.EqualFold': equalFold,
  'strings.Map': mapText,
};

/** A method of a compiled expression. */
const ofExpression =
  (run: Builtin): Builtin =>
  (call) =>
    call.receiver.name === 'RegExp' ? run(call) : undefined;

const tested = ofExpression((call) => regexResult(call.receiver, first(call), false, false, call));

const substituted = ofExpression((call) => {
  const [text = UNKNOWN, to = UNKNOWN] = call.given.positional;
  const result = replaced(text, call.receiver, true, to);
  return { ...result, taint: unionLabels(result.taint, call.machine.taintOf(to)) };
});

/** Writing to a buffer: whoever reads it gets what was written. */
const write: Builtin = (call) => {
  const { receiver, machine, given } = call;
  const taint = given.positional.reduce((all, value) => unionLabels(all, machine.taintOf(value)), UNKNOWN.taint);
  if (taint.length > 0) machine.update(receiver, (held) => withRest(held, taintedValue(taint)));
  return undefined;
};

/** The name of the host of a parsed address. */
const hostOf: Builtin = ({ receiver, name }) => {
  const views = receiver.views.flatMap((seen) =>
    seen.relation === 'address' ? [{ ...seen, relation: 'host' as const }] : [],
  );
  return views.length === 0 ? undefined : { ...taintedValue(receiver.taint), views, name: `${name}()` };
};

/** `text.String()` of what is a text in another form. */
const asText: Builtin = (call) => {
  const { receiver, machine } = call;
  const only = machine.onlyObject(receiver);
  const held = only && contentOf(only.object);
  return { ...UNKNOWN, taint: unionLabels(receiver.taint, held?.taint ?? UNKNOWN.taint), views: receiver.views };
};

export const GO_METHODS: Readonly<Record<string, Builtin>> = {
  MatchString: tested,
  Match: tested,
  FindString: tested,
  ReplaceAllString: substituted,
  ReplaceAllLiteralString: substituted,
  WriteString: write,
  Write: write,
  WriteByte: write,
  WriteRune: write,
  Set: write,
  Add: write,
  Store: write,
  PushBack: write,
  Hostname: hostOf,
  String: asText,
  push: (call) => {
    const sent = first(call);
    call.machine.update(call.receiver, (held) => withRest(held, sent));
    return UNKNOWN;
  },
};
