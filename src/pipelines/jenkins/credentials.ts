import {
  type GroovyCall,
  type GroovyPart,
  type GroovyValue,
  type Place,
  type Span,
  stringOf,
} from '../../syntax/index.ts';
import type { Entry } from '../model.ts';
import { makeEntry } from '../text/step.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { credentialName, type GroovyScope } from './values.ts';

/** Arguments of credential bindings that name a variable (Credentials Binding plug-in). */
const VARIABLE_ARGUMENTS: ReadonlySet<string> = new Set([
  ...['variable', 'usernameVariable', 'passwordVariable', 'keyFileVariable', 'passphraseVariable', 'keystoreVariable'],
  ...['accessKeyVariable', 'secretKeyVariable', 'tokenVariable', 'clientIdVariable', 'clientSecretVariable'],
]);

/** Arguments whose value is no secret. */
const HARMLESS_ARGUMENTS: ReadonlySet<string> = new Set(['usernameVariable', 'clientIdVariable', 'accessKeyVariable']);

/** The variables that `withCredentials([...])` sets. */
export function boundCredentials(call: GroovyCall, file: string): readonly Entry[] {
  return call.arguments.flatMap(({ value }) => bindingsIn(value)).flatMap((binding) => bindingEntries(binding, file));
}

/** `string(credentialsId: …)`, or the older `[$class: 'StringBinding', credentialsId: …]`. */
interface Binding {
  readonly name: string;
  readonly span: Span;
  readonly given: GroovyCall['arguments'];
}

function bindingEntries({ name: kind, span, given }: Binding, file: string): readonly Entry[] {
  const id = stringOf(given.find(({ name }) => name === 'credentialsId')?.value)?.text ?? kind;
  const named = given.flatMap(({ name, value }) => {
    const variable = name !== undefined && VARIABLE_ARGUMENTS.has(name) ? stringOf(value) : undefined;
    if (variable === undefined || name === undefined) return [];
    return [entryOf(variable.text, id, placeIn(file, variable.span), HARMLESS_ARGUMENTS.has(name))];
  });
  if (named.length > 0 || !UNNAMED.test(kind)) return named;
  return [entryOf('AWS_SECRET_ACCESS_KEY', id, placeIn(file, span), false)];
}

/** Bindings that set variables of fixed names where none is given (AWS Credentials plug-in). */
const UNNAMED = /^(?:aws|AmazonWebServicesCredentialsBinding)$/;

function entryOf(variable: string, id: string, place: Place, harmless: boolean): Entry {
  const origin = harmless ? 'configuration' : 'secret';
  return makeEntry(variable, place, impliedText(`credentials('${id}')`, place, [{ name: id, kind: 'line', origin }]));
}

function bindingsIn(value: GroovyValue): readonly Binding[] {
  return value.parts.flatMap((part: GroovyPart): readonly Binding[] => {
    if (part.kind === 'call') return [{ name: part.name, span: part.nameSpan, given: part.arguments }];
    if (part.kind !== 'list') return [];
    const kind = stringOf(part.items.find(({ name }) => name === '$class')?.value)?.text;
    if (kind !== undefined) return [{ name: kind, span: part.span, given: part.items }];
    return part.items.flatMap((item) => bindingsIn(item.value));
  });
}

/** The variables of `withEnv(['NAME=value'])`. */
export function withEnvEntries(call: GroovyCall, scope: GroovyScope, file: string, source: string): readonly Entry[] {
  const strings = call.arguments
    .flatMap(({ value }) => value.parts)
    .flatMap((part) => (part.kind === 'list' ? part.items.map((item) => item.value) : []));
  return strings.flatMap((value) => {
    const first = value.parts[0];
    const equals = first?.kind === 'string' ? first.text.indexOf('=') : -1;
    if (first?.kind !== 'string' || equals < 1) return [];
    const text = scope.text(value, file, source);
    const keyPlace = placeIn(file, { start: first.offsetOf(0), end: first.offsetOf(equals) });
    const interpolations = text.interpolations
      .map((one) => ({ ...one, index: one.index - equals - 1 }))
      .filter((one) => one.index >= 0);
    const rest = {
      text: text.text.slice(equals + 1),
      place: placeIn(file, { start: first.offsetOf(equals + 1), end: first.span.end }),
      interpolations,
      offsetOf: (index: number) => text.offsetOf(index + equals + 1),
    };
    return [makeEntry(first.text.slice(0, equals), keyPlace, rest)];
  });
}

/** An assignment of an `environment { … }` block. */
export function environmentEntry(
  target: { readonly name: string; readonly span: { readonly start: number; readonly end: number } },
  value: GroovyValue,
  scope: GroovyScope,
  file: string,
  source: string,
): Entry {
  const credential = value.parts.find((part) => part.kind === 'call' && part.name === 'credentials');
  const place = placeIn(file, value.span);
  const text =
    credential?.kind === 'call'
      ? impliedText(source.slice(value.span.start, value.span.end), place, [
          { name: credentialName(credential), kind: 'line', origin: 'secret' },
        ])
      : scope.text(value, file, source);
  return makeEntry(target.name, placeIn(file, target.span), text);
}
