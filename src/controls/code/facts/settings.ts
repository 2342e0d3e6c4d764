import { countStrong, isSettingName, listPolarityOf, polarityOf, SECURITY_HEADER } from '../lexicon.ts';
import {
  argumentsOf,
  lastName,
  namesOf,
  partOf,
  renderTerm,
  showTerm,
  staysOutside,
  type Term,
  termsIn,
} from '../terms/index.ts';
import { placedSettings } from './call-settings.ts';
import type { ConstraintFact, FactBase, ListFact, OptionFact, PatternFact, PolicyFact } from './fact.ts';
import { measureOf } from './measure.ts';
import type { Surroundings } from './place.ts';
import { assembleText, readPolicyText, readTag } from './policy-text.ts';
import { elementsOf, elementText, literalOf, settingText } from './values.ts';

type Value = OptionFact | ListFact | PatternFact | PolicyFact | ConstraintFact;
type ValueDraft = Value extends infer One
  ? One extends Value
    ? Omit<One, Exclude<keyof FactBase, 'key'>>
    : never
  : never;

/** Settings, lists, patterns, policies and constraints that one term states. */
export function factsOfValue(term: Term, at: Surroundings): readonly ValueDraft[] {
  switch (term.kind) {
    case 'pair':
      return term.parts.length === 2 ? named(lastKey(term.parts[0]), term.parts[1], at) : [];
    case 'assign':
      return named(lastKey(partOf(term, 'left')), partOf(term, 'right'), at);
    case 'parameter':
      return named(partOf(term, 'name')?.text ?? '', partOf(term, 'value'), { ...at, holder: '' });
    case 'field':
      return tagged(term);
    case 'regex':
      return [pattern(at.holder, term.text, partOf(term, 'flags')?.text ?? '')];
    case 'call':
      return [...compiled(term, at), ...setters(term, at), ...listed(term, at), ...placed(term, at)];
    case 'new':
      return placed(term, at);
    case 'string':
    case 'text':
    case 'operation':
      return policies(term, at);
    default:
      return [];
  }
}

function lastKey(key: Term | undefined): string {
  if (key === undefined) return '';
  if (key.kind === 'string') return key.text;
  if (key.kind === 'index') {
    const inner = key.parts[1];
    return inner?.kind === 'string' ? inner.text : lastName(key);
  }
  return lastName(key);
}

function named(name: string, value: Term | undefined, at: Surroundings): readonly ValueDraft[] {
  if (value === undefined || name === '') return [];
  const elements = elementsOf(value);
  const own = elements?.map((element) => elementText(element, at.rendering));
  if (
    own !== undefined &&
    (listPolarityOf(name) !== 0 || listPolarityOf(at.holder) !== 0 || /algorithms?|methods?|ciphers?/i.test(name))
  )
    return [{ kind: 'list', key: `${name}: ${own.join()}`, name, elements: own }];
  const measure = measureOf(value);
  const written = literalOf(value);
  const literal = written === 'other' && measure !== undefined ? 'number' : written;
  const field = schemaField(value);
  if (field !== undefined) return [{ kind: 'constraint', key: `${name}: ${field.join()}`, name, constraints: field }];
  const chain = constraintsOf(value);
  if (chain.length > 0) return [{ kind: 'constraint', key: `${name}: ${chain.join()}`, name, constraints: chain }];
  if (literal === 'other' && polarityOf(name) === 0 && countStrong(name) === 0 && !isSettingName(name)) return [];
  if (value.kind === 'function') return [];
  const text = settingText(value, at.rendering);
  const key = `${at.holder}.${name}=${text}`;
  return [{ kind: 'option', key, name, holder: at.holder, value: text, literal, measure }];
}

function tagged(field: Term): readonly ValueDraft[] {
  const tag = partOf(field, 'tag')?.text ?? '';
  const name = partOf(field, 'name')?.text ?? '';
  const constraints = readTag(tag);
  return [{ kind: 'constraint', key: `${name}: ${constraints.join()}`, name, constraints }];
}

const DEMANDS =
  /^(?:required|unique|max|min|max_?length|min_?length|enum|match|validate|custom|regEx|pattern|allowedValues|immutable|format|maximum|minimum|additionalProperties|optional|nullable)$/i;

/** `{ type: String, max: 9 }`: a field of a schema and what it demands; `undefined` for another map. */
function schemaField(value: Term): readonly string[] | undefined {
  if (value.kind !== 'map') return undefined;
  const keys = new Map(value.parts.map((part) => [schemaKey(part), part]));
  if (!keys.has('type')) return undefined;
  return [...keys].flatMap(([key, part]) => {
    const setting = part.kind === 'pair' ? part.parts[1] : undefined;
    const text = setting === undefined || setting.kind === 'function' ? '…' : renderTerm(setting);
    // A list of required names is that of a document: what it names are other fields.
    const isOther = /^(?:false|null|None|undefined)$/i.test(text) || (key === 'required' && setting?.kind === 'list');
    if (!DEMANDS.test(key) || isOther) return [];
    return [`${key}(${text})`];
  });
}

function schemaKey(part: Term): string {
  return part.kind === 'pair' ? lastKey(part.parts[0]) : (partOf(part, 'name')?.text ?? '');
}

/** `z.string().min(3).email()`: every step after the type narrows what is accepted. */
function constraintsOf(value: Term): readonly string[] {
  const names = namesOf(value);
  const roots = names.length === 1 ? /^(?:Field|constr|conint|conlist)$/ : /^(?:z|zod|joi|yup|v)$/i;
  if (value.kind !== 'call' || !roots.test(names[0] ?? '')) return [];
  const steps: string[] = [];
  for (let at: Term | undefined = value; at !== undefined; ) {
    const callee: Term | undefined = at.kind === 'call' ? partOf(at, 'callee') : undefined;
    if (callee === undefined) break;
    const args = argumentsOf(at);
    if (callee.kind === 'name') for (const arg of args) if (arg.kind === 'pair') steps.push(renderTerm(arg));
    if (callee.kind === 'member')
      steps.push(
        `${lastName(callee)}(${args.map((arg) => (arg.kind === 'map' || arg.kind === 'list' ? '…' : renderTerm(arg))).join(', ')})`,
      );
    at = callee.kind === 'member' ? callee.parts[0] : undefined;
  }
  return steps.reverse();
}

const COMPILES =
  /^(?:compile|MustCompile|Compile|MustCompilePOSIX|RegExp|regex|matches|match|fullmatch|search|findall|sub|replaceAll|MatchString|pattern)$/;

function compiled(call: Term, at: Surroundings): readonly ValueDraft[] {
  const name = lastName(partOf(call, 'callee'));
  const [first, second] = argumentsOf(call);
  const source = first === undefined ? undefined : assembleText(first);
  if (!COMPILES.test(name) || source === undefined || !/[\\^$[\]()|*+?.]/.test(source.replace(/\$\{[^}]*\}/g, '')))
    return [];
  const flags =
    second === undefined || !/flag|re\.|^'[a-z]{1,4}'$|Pattern\./i.test(renderTerm(second)) ? '' : renderTerm(second);
  return [
    pattern(name === 'compile' || name === 'MustCompile' ? at.holder : `${at.holder} ${name}`.trim(), source, flags),
  ];
}

function pattern(name: string, source: string, flags: string): ValueDraft {
  return { kind: 'pattern', key: `/${source}/${flags}`, name, source, flags };
}

/** `cookie.setSecure(true)`, `builder.verify(false)`, `csrf().disable()`. */
function setters(call: Term, at: Surroundings): readonly ValueDraft[] {
  const names = namesOf(call);
  const last = names.at(-1) ?? '';
  const args = argumentsOf(call);
  const [value] = args;
  if (args.length === 0 && /^(?:disable|enable|permitAll|denyAll|authenticated|anonymous)$/.test(last)) {
    const name = /^(?:disable|enable)$/.test(last) ? (names.at(-2) ?? '') : 'access';
    const text = last === 'disable' ? 'false' : last === 'enable' ? 'true' : last;
    const holder = showTerm(call, 60);
    return [
      { kind: 'option', key: `${name}=${text}`, name, holder, value: text, literal: 'boolean', measure: undefined },
    ];
  }
  const [, setting] = args;
  if (
    args.length === 2 &&
    value?.kind === 'string' &&
    setting !== undefined &&
    (/^set(?:Feature|Property|Attribute|Option|Header)?$/.test(last) || SECURITY_HEADER.test(value.text))
  )
    return named(value.text.slice(value.text.lastIndexOf('/') + 1), setting, {
      ...at,
      holder: names.slice(0, -1).join('.'),
    });
  if (args.length !== 1 || value === undefined || !/^(?:set|with)[A-Z]/.test(last)) return [];
  const name = last.replace(/^(?:set|with)/, '');
  return named(name.charAt(0).toLowerCase() + name.slice(1), value, at);
}

/** `bcrypt.hash(password, 12)`: what the twelve means is known. */
function placed(call: Term, at: Surroundings): readonly ValueDraft[] {
  const holder = namesOf(call).at(-1) ?? at.holder;
  return placedSettings(call).flatMap(([name, value]) => named(name, value, { ...at, holder }));
}

/** Elements that are given to a call one by one: `.antMatchers("/login", "/public/**")`. */
function listed(call: Term, at: Surroundings): readonly ValueDraft[] {
  const names = namesOf(call);
  const last = names.at(-1) ?? '';
  const args = argumentsOf(call);
  if (
    !/^(?:antMatchers|requestMatchers|mvcMatchers|allowedOrigins|allowedMethods|allowedHeaders|hasAnyRole|permitted)$/.test(
      last,
    )
  )
    return [];
  const elements = args.map((arg) => elementText(arg, at.rendering));
  return [{ kind: 'list', key: `${last}: ${elements.join()}`, name: last, elements }];
}

function policies(term: Term, at: Surroundings): readonly ValueDraft[] {
  if (
    term.kind === 'operation' &&
    (term.text !== '+' || ![...termsIn(term, staysOutside)].some(({ kind }) => kind === 'string'))
  )
    return [];
  const text = assembleText(term);
  const read = text === undefined ? undefined : readPolicyText(text);
  if (text === undefined || read === undefined) return [];
  return [
    {
      kind: 'policy',
      key: text.replace(/\s+/g, ' '),
      name: read.query ? 'query' : at.holder,
      text,
      formula: read.formula,
    },
  ];
}
