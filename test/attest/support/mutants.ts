import type { JsonObject, JsonValue } from '../../../src/system/index.ts';

/** One value or text that differs from the original in one place. */
export interface Mutant<Kind> {
  readonly route: string;
  readonly value: Kind;
}

/** Every way to change one leaf, to take one field or item away, to add one, or to make a branch something else. */
export function* mutantsOf(value: JsonValue, route: string): Generator<Mutant<JsonValue>> {
  if (Array.isArray(value)) {
    // Sound: `isArray` does not narrow a read-only list.
    const items = value as readonly JsonValue[];
    for (const [index, item] of items.entries()) {
      yield { route: `${route}[${index}] removed`, value: items.toSpliced(index, 1) };
      for (const { route: below, value: changed } of mutantsOf(item, `${route}[${index}]`))
        yield { route: below, value: items.with(index, changed) };
    }
    yield { route: `${route} one more`, value: [...items, items[0] ?? 'x'] };
    yield { route: `${route} null`, value: null };
  } else if (typeof value === 'object' && value !== null) {
    const object = value as JsonObject;
    for (const [key, item] of Object.entries(object)) {
      const { [key]: _, ...others } = object;
      yield { route: `${route}.${key} removed`, value: others };
      yield { route: `${route}.${key} renamed`, value: { ...others, [`${key}X`]: item } };
      for (const { route: below, value: changed } of mutantsOf(item, `${route}.${key}`))
        yield { route: below, value: { ...object, [key]: changed } };
    }
    yield { route: `${route} one more`, value: { ...object, zzz: 'x' } };
    yield { route: `${route} null`, value: null };
  } else if (typeof value === 'string') {
    yield { route: `${route} longer`, value: `${value}x` };
    yield { route: `${route} empty`, value: '' };
    yield { route: `${route} other`, value: flip(value) };
    yield { route: `${route} null`, value: null };
  } else if (typeof value === 'number') {
    yield { route: `${route} more`, value: value + 1 };
    yield { route: `${route} as text`, value: String(value) };
  } else if (typeof value === 'boolean') {
    yield { route: `${route} other`, value: !value };
    yield { route: `${route} as text`, value: String(value) };
  } else yield { route: `${route} something`, value: 'x' };
}

/** The same length, another first character of the same kind. */
function flip(text: string): string {
  return `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`;
}

/** The text with one key of one object written twice: with the value that it has and with another, before and behind. */
export function* repeatedKeys(value: JsonValue, route: string): Generator<Mutant<string>> {
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    for (const [index, item] of items.entries())
      for (const { route: below, value: text } of repeatedKeys(item, `${route}[${index}]`))
        yield {
          route: below,
          value: `[${items.map((one, at) => (at === index ? text : JSON.stringify(one))).join()}]`,
        };
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value as JsonObject);
    const row = ([key, item]: readonly [string, JsonValue]): string => `${JSON.stringify(key)}:${JSON.stringify(item)}`;
    const rows = members.map(row);
    for (const [index, [key, item]] of members.entries()) {
      const own = rows[index] ?? '';
      yield { route: `${route}.${key} twice`, value: `{${[...rows, own].join()}}` };
      yield { route: `${route}.${key} first as null`, value: `{${[row([key, null]), ...rows].join()}}` };
      // `\u0061` is `a`: another spelling of the same key.
      const spelled = `"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}":null`;
      yield { route: `${route}.${key} first in another spelling`, value: `{${[spelled, ...rows].join()}}` };
      for (const { route: below, value: text } of repeatedKeys(item, `${route}.${key}`))
        yield {
          route: below,
          value: `{${rows.map((one, at) => (at === index ? `${JSON.stringify(key)}:${text}` : one)).join()}}`,
        };
    }
  }
}
