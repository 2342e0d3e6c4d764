import type { JsonValue } from '../../system/index.ts';

/** A value that may be left out of an object. */
export type JsonFields = { readonly [key: string]: JsonValue | undefined };

/** An object without the fields that are undefined. Their names are those of a format, never from outside. */
export function jsonObject(fields: JsonFields): { readonly [key: string]: JsonValue } {
  const kept: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

/**
 * JSON for people and programs that show it in a job log: hidden characters and the marks of CI commands are written as
 * `\u` escapes. What a parser reads is unchanged.
 */
export function renderJson(value: JsonValue): string {
  const text = JSON.stringify(value, undefined, 2)
    .replace(/[\p{Cf}\p{Co}\p{Zl}\p{Zp}\x7f-\x9f]/gu, escapeUnits)
    .replace(/#(?=#(?:\[|vso\[|teamcity\[))/gi, '\\u0023');
  return `${text}\n`;
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
