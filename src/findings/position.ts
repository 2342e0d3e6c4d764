import type { Place } from '../syntax/index.ts';
import { createLineIndex } from '../syntax/index.ts';
import type { Report } from './report.ts';

/** Lines and columns of a place, one-based, columns in UTF-16 units; the end stands behind the last character. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns offsets into lines; reads each file once. */
export interface Locator {
  /** `undefined` when the file of the place is not at hand (removed, unreadable, a directory). */
  region(place: Place): Region | undefined;
}

export function createLocator(report: Pick<Report, 'source'>): Locator {
  const files = new Map<string, ReturnType<typeof createLineIndex> | undefined>();
  const indexOf = (file: string) => {
    if (!files.has(file)) {
      const source = report.source(file);
      files.set(file, source === undefined ? undefined : createLineIndex(source.text));
    }
    return files.get(file);
  };
  return {
    region: ({ file, span }) => {
      const index = indexOf(file);
      if (index === undefined) return undefined;
      const start = index.position(span.start);
      const end = index.position(Math.max(span.start, span.end));
      return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
    },
  };
}

/** `file:line:column`, or the file alone. */
export function nameOf(place: Place, locator: Locator): string {
  const region = locator.region(place);
  return region === undefined ? place.file : `${place.file}:${region.startLine}:${region.startColumn}`;
}
