/** The only room that touches the operating system's edges: processes, files, clocks. */
export type { Clock, RandomBytes } from './clock.ts';
export type { JsonObject, JsonValue } from './json.ts';
