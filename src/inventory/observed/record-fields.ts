import type { JsonObject } from '../../system/index.ts';

/** A field of a record that should be an object; an empty one when it is something else. */
export function fieldsOf(record: JsonObject, field: string): JsonObject {
  const value = record[field];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
