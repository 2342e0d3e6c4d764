import type { Facts } from '../facts/index.ts';
import { createLineIndex, type Place } from '../syntax/index.ts';
import type { Location } from './model.ts';

/** Turns places into lines and knows when a line was last touched. */
export interface Places {
  readonly at: (place: Place) => Location;
  /** Day of the commit that last touched the line, and its age in days; both undefined when nobody knows. */
  readonly age: (location: Location) => { readonly named: string | undefined; readonly ageDays: number | undefined };
}

/** Seconds since 1970 by `file:line`. */
export type LineDates = ReadonlyMap<string, number>;

const DAY = 86_400;
/** End of the time that a date can hold (ECMA-262 §21.4.1.1). */
const LAST_SECOND = 8.64e12;

export function createPlaces(facts: Facts, dates: LineDates, takenAt: string): Places {
  const indices = new Map<string, ReturnType<typeof createLineIndex> | undefined>();
  const indexOf = (file: string) => {
    if (!indices.has(file)) {
      const source = facts.source(file);
      indices.set(file, source === undefined ? undefined : createLineIndex(source.text));
    }
    return indices.get(file);
  };
  const now = Date.parse(takenAt) / 1000;
  return {
    at: ({ file, span }) => {
      const position = indexOf(file)?.position(span.start);
      return { file, line: position?.line, column: position?.column };
    },
    age: ({ file, line }) => {
      const seconds = line === undefined ? undefined : dates.get(lineKey(file, line));
      // What a commit claims may be no date at all.
      if (seconds === undefined || !(Math.abs(seconds) < LAST_SECOND)) return { named: undefined, ageDays: undefined };
      const named = new Date(seconds * 1000).toISOString().slice(0, 10);
      // A commit may claim a day that is yet to come.
      return { named, ageDays: Number.isFinite(now) ? Math.max(0, Math.floor((now - seconds) / DAY)) : undefined };
    },
  };
}

/** Key of a line in `LineDates`. */
export function lineKey(file: string, line: number): string {
  return `${file}:${line}`;
}
