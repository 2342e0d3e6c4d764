import type { Value } from './value.ts';

/** What a framework hands over in a map, by a key that says what it is: `context['dag_run'].conf` (Airflow). */
const HANDED_BY_KEY: ReadonlySet<string> = new Set(['dag_run']);

/** Maps of uploaded files: what stands in them is a file, and no text of outsiders. */
const UPLOADS =
  /^(?:flask\.(?:globals\.)?request\.files|(?:django\.http\.(?:request\.)?HttpRequest|rest_framework\.request\.Request|(?:\w{1,40}\.){0,4}request)\.FILES)$/;

/** What is found in a map by a key, with the name that the map or the key gives it. */
export function namedByKey(map: Value | undefined, found: Value, key: Value | undefined): Value {
  if (UPLOADS.test(map?.name ?? '')) return found.name === undefined ? { ...found, name: `${map?.name}[]` } : found;
  const name = key?.constant;
  const known = found.taint.length > 0 || found.callables.length > 0 || found.constant !== undefined;
  return typeof name === 'string' && !known && HANDED_BY_KEY.has(name) ? { ...found, name } : found;
}
