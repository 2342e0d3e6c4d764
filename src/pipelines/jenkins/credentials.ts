import { argumentOf, type GroovyCall, type GroovyPart, type GroovyValue, stringOf } from '../../syntax/index.ts';
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
  return call.arguments.flatMap(({ value }) => callsIn(value)).flatMap((binding) => bindingEntries(binding, file));
}

function bindingEntries(binding: GroovyCall, file: string): readonly Entry[] {
  const id = stringOf(argumentOf(binding, 'credentialsId'))?.text ?? binding.name;
  return binding.arguments.flatMap(({ name, value }) => {
    const variable = name !== undefined && VARIABLE_ARGUMENTS.has(name) ? stringOf(value) : undefined;
    if (variable === undefined || name === undefined) return [];
    const place = placeIn(file, variable.span);
    const origin = HARMLESS_ARGUMENTS.has(name) ? 'configuration' : 'secret';
    return [
      makeEntry(variable.text, place, impliedText(`credentials('${id}')`, place, [{ name: id, kind: 'line', origin }])),
    ];
  });
}

function callsIn(value: GroovyValue): readonly GroovyCall[] {
  return value.parts.flatMap((part: GroovyPart): readonly GroovyCall[] => {
    if (part.kind === 'call') return [part];
    return part.kind === 'list' ? part.items.flatMap((item) => callsIn(item.value)) : [];
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
