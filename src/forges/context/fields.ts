import type { JsonValue } from '../../system/index.ts';
import type { Environment } from './model.ts';

/** Longer events are not read. */
const MAX_EVENT = 8 * 1024 * 1024;

/** The value of a variable; an empty one is none. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** The number of a request; `undefined` for anything that is none. */
export function requestNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** A full object name in lower case; `undefined` for anything else, a row of zeros included. */
export function commitName(text: JsonValue | undefined): string | undefined {
  if (typeof text !== 'string') return undefined;
  const isName = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) && !/^0+$/.test(text);
  return isName ? text : undefined;
}

/** The name of a branch without `refs/heads/`. */
export function branchName(text: string | undefined): string | undefined {
  return text?.replace(/^refs\/heads\//, '');
}

/** What stands at a path of an event; `undefined` where it does not go on. */
export function fieldOf(event: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
  let value = event;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The event of the job; `undefined` when it is no JSON object or too long. */
export function parseEvent(text: string | undefined): JsonValue | undefined {
  if (text === undefined || text.length > MAX_EVENT) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
