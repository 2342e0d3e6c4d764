import { createLineIndex, type Place } from '../../syntax/index.ts';
import type { Report } from '../report.ts';

/** The lines of a file around a place; offsets of the mark are in the marked line. */
export interface Excerpt {
  readonly lines: readonly ExcerptLine[];
  /** How many more lines the place has than are shown. */
  readonly hidden: number;
}

export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
  /** UTF-16 offsets in `text`; undefined in a line that is only context. */
  readonly mark: { readonly from: number; readonly to: number } | undefined;
}

/** Longer lines are cut around the mark before anybody counts their columns. */
const MAX_UNITS = 2000;

/** The first line of a place and `context` lines before it; undefined when the file is not at hand. */
export type Excerpts = (place: Place, context: number) => Excerpt | undefined;

/** Reads each file once. */
export function createExcerpts(report: Pick<Report, 'source'>): Excerpts {
  const files = new Map<string, FileLines | undefined>();
  return (place, context) => {
    if (!files.has(place.file)) files.set(place.file, readLines(report, place.file));
    const lines = files.get(place.file);
    return lines === undefined ? undefined : cutExcerpt(lines, place, context);
  };
}

interface FileLines {
  readonly index: ReturnType<typeof createLineIndex>;
  text(line: number): string;
}

function readLines(report: Pick<Report, 'source'>, file: string): FileLines | undefined {
  const source = report.source(file);
  if (source === undefined) return undefined;
  const index = createLineIndex(source.text);
  const text = (line: number) => source.text.slice(index.offset(line, 1), index.offset(line, Number.MAX_SAFE_INTEGER));
  return { index, text };
}

function cutExcerpt({ index, text }: FileLines, { span }: Place, context: number): Excerpt {
  const start = index.position(span.start);
  const end = index.position(Math.max(span.start, span.end - 1));
  const marked = text(start.line);
  const from = Math.min(start.column - 1, marked.length);
  const to = end.line > start.line ? marked.length : Math.min(from + span.end - span.start, marked.length);
  const shift = Math.max(0, from - MAX_UNITS / 2);
  const lines: ExcerptLine[] = [];
  for (let number = Math.max(1, start.line - context); number < start.line; number++) {
    lines.push({ number, text: text(number).slice(0, MAX_UNITS), mark: undefined });
  }
  const mark = { from: from - shift, to: Math.max(from, Math.min(to, shift + MAX_UNITS)) - shift };
  lines.push({ number: start.line, text: marked.slice(shift, shift + MAX_UNITS), mark });
  return { lines, hidden: end.line - start.line };
}
