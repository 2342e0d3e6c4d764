import { isArray, isObject, type JsonObject, type JsonValue } from '../system/index.ts';

/** A longer string comes from outside all the same; names and reasons of that length serve nobody. */
const TEXT_CHARACTERS = 64 * 1024;

/** The object in a JSON text; undefined when it is no JSON, no object, or nested too deep for the parser. */
export function parseObject(json: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(json));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError) return undefined;
    throw cause;
  }
}

export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The list's entries; none when it is no list. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return isArray(value) ? value : [];
}

/** The string, cut at a length no honest field reaches. */
export function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value.slice(0, TEXT_CHARACTERS) : undefined;
}

export function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
