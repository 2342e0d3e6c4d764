import type { JsonValue } from '../../system/index.ts';
import { escapeJson } from '../../text/index.ts';

/** A value that may be left out of an object. */
export type JsonFields = { readonly [key: string]: JsonValue | undefined };

/** An object without the fields that are undefined. Their names are those of a format, never from outside. */
export function jsonObject(fields: JsonFields): { readonly [key: string]: JsonValue } {
  const kept: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** JSON for people and programs that show it in a job log, indented. */
export function renderJson(value: JsonValue): string {
  return `${escapeJson(JSON.stringify(value, undefined, 2))}\n`;
}
