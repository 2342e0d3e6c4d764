import type { ControlChange } from '../../controls/index.ts';
import { createLineIndex, type Place, type SourceFile, type SourceTree } from '../../syntax/index.ts';
import { differenceOf, type LineChange } from '../../text/index.ts';

/** Lines of one side, from the number of the first. */
export interface Excerpt {
  readonly first: number;
  readonly lines: readonly string[];
  /** More than are shown. */
  readonly cut: boolean;
}

/** What a reviewer compares: the lines of both sides around one change. */
export interface Lines {
  readonly file: string;
  /** One-based, of the side that the place belongs to. */
  readonly line: number;
  readonly old: Excerpt | undefined;
  readonly new: Excerpt | undefined;
}

export type ReadLines = (change: ControlChange) => Lines;

const MOST_LINES = 6;
const LONGEST_LINE = 300;

interface Side {
  readonly lines: readonly string[];
  readonly lineOf: (offset: number) => number;
}

/** @returns a reader of lines that looks at each file once. */
export function createLineReader(base: SourceTree, head: SourceTree): ReadLines {
  const sides = new Map<string, Side | undefined>();
  const sideOf = (tree: SourceTree, file: string): Side | undefined => {
    const key = `${tree === base ? 'base' : 'head'} ${file}`;
    if (!sides.has(key)) sides.set(key, toSide(tree.read(file)));
    return sides.get(key);
  };
  const hunks = new Map<string, readonly LineChange[]>();
  return ({ before, after }) => {
    const file = (after ?? before)?.file ?? '';
    const old = sideOf(base, before?.file ?? file);
    const now = after && sideOf(head, after.file);
    const key = `${before?.file ?? file} ${file}`;
    if (!hunks.has(key)) hunks.set(key, old && now ? differenceOf(old.lines, now.lines) : []);
    const hunk = (hunks.get(key) ?? []).find((one) => touches(one, old, now, before, after));
    const line = after && now ? now.lineOf(after.span.start) : before && old ? old.lineOf(before.span.start) : 1;
    if (hunk)
      return {
        file,
        line,
        old: excerptOf(old, hunk.from, hunk.removed, before),
        new: excerptOf(now, hunk.to, hunk.added, after),
      };
    return { file, line, old: spanOf(old, before), new: spanOf(now, after) };
  };
}

function toSide(file: ReturnType<SourceTree['read']>): Side | undefined {
  const source: SourceFile | undefined = file && 'text' in file ? file : undefined;
  if (source === undefined) return undefined;
  const index = createLineIndex(source.text);
  return { lines: source.text.split('\n'), lineOf: (offset) => index.position(offset).line };
}

function touches(
  { from, removed, to, added }: LineChange,
  old: Side | undefined,
  now: Side | undefined,
  before: Place | undefined,
  after: Place | undefined,
): boolean {
  const newLine = after && now && now.lineOf(after.span.start) - 1;
  if (
    newLine !== undefined &&
    newLine >= to &&
    newLine <= to + Math.max(added - 1, 0) &&
    (added > 0 || before !== undefined)
  )
    return true;
  const oldLine = before && old && old.lineOf(before.span.start) - 1;
  return oldLine !== undefined && oldLine >= from && oldLine < from + removed;
}

/** A long stretch is cut to the lines around the place. */
function excerptOf(
  side: Side | undefined,
  first: number,
  count: number,
  place: Place | undefined,
): Excerpt | undefined {
  if (side === undefined || count === 0) return undefined;
  const wanted = place ? side.lineOf(place.span.start) - 1 : first;
  const start = Math.max(first, Math.min(wanted - 1, first + count - MOST_LINES));
  const end = Math.min(first + count, start + MOST_LINES);
  return { first: start + 1, lines: side.lines.slice(start, end).map(shorten), cut: end - start < count };
}

/** Nothing differs there, or the file stands on one side only: the place itself. An empty place is none. */
function spanOf(side: Side | undefined, place: Place | undefined): Excerpt | undefined {
  if (side === undefined || place === undefined || place.span.start === place.span.end) return undefined;
  const first = side.lineOf(place.span.start) - 1;
  const last = side.lineOf(Math.max(place.span.start, place.span.end - 1)) - 1;
  return excerptOf(side, first, last - first + 1, place);
}

/** Tabs are for the eye here; a carriage return at the end says nothing. */
function shorten(whole: string): string {
  const line = whole.replace(/\r$/, '').replaceAll('\t', '    ');
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}
