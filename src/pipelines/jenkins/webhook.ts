import { argumentOf, type GroovyBlock, type GroovyCall, type GroovyPart, stringOf } from '../../syntax/index.ts';
import { payloadKind } from '../text/payload.ts';
import type { ValueReference } from '../value.ts';
import { callsBelow } from './calls-below.ts';

type GroovyList = Extract<GroovyPart, { readonly kind: 'list' }>;

/** Arguments of the trigger that make variables of a request: of its body, its query and its headers. */
const SOURCES = ['genericVariables', 'genericRequestVariables', 'genericHeaderVariables'] as const;

/**
 * The variables that a webhook sets, with what each can hold (Generic Webhook Trigger plug-in): those of the body by
 * the path that is read, those of query and headers as text.
 */
export function webhookVariables(block: GroovyBlock): ReadonlyMap<string, ValueReference> {
  const found = new Map<string, ValueReference>();
  for (const call of triggersIn(block)) {
    for (const source of SOURCES) {
      for (const row of rowsOf(call, source)) {
        const name = textOf(row, 'key');
        if (name === undefined) continue;
        const path = textOf(row, 'value') ?? textOf(row, 'expression');
        const kind = path === undefined ? 'text' : payloadKind(path);
        found.set(name, { name: `env.${name}`, kind, origin: 'outsider' });
      }
    }
  }
  return found;
}

/** A filter lets only named people through: a variable with a login is compared with words, from start to end. */
export function admitsNamedPeople(call: GroovyCall): boolean {
  const text = stringOf(argumentOf(call, 'regexpFilterText'))?.text ?? '';
  const filter = stringOf(argumentOf(call, 'regexpFilterExpression'))?.text ?? '';
  const name = /^\$\{?(\w+)\}?$/.exec(text.trim())?.[1];
  if (name === undefined || !/^\^(?:[\w-]+\$|\([\w|-]+\)\$)$/.test(filter)) return false;
  const row = rowsOf(call, 'genericVariables').find((one) => textOf(one, 'key') === name);
  const path = row && (textOf(row, 'value') ?? textOf(row, 'expression'));
  return path !== undefined && payloadKind(path) === 'login' && !/\b(?:issue|pull_request)\.user\b/.test(path);
}

function triggersIn(block: GroovyBlock): readonly GroovyCall[] {
  return callsBelow(block, 12).filter(({ name }) => name === 'GenericTrigger' || name === 'genericTrigger');
}

function rowsOf(call: GroovyCall, source: (typeof SOURCES)[number]): readonly GroovyList[] {
  const lists = (argumentOf(call, source)?.parts ?? []).flatMap((part) => (part.kind === 'list' ? part.items : []));
  return lists.flatMap(({ value }) => value.parts.flatMap((part) => (part.kind === 'list' ? [part] : [])));
}

function textOf(row: GroovyList, name: string): string | undefined {
  return stringOf(row.items.find((item) => item.name === name)?.value)?.text;
}
