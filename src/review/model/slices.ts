import { createHash } from 'node:crypto';
import { createClassifier } from '../../policy/index.ts';
import { findLiteralKeys } from '../../text/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import { isForModel, type Stretch, stretchesOf, stretchKey } from '../measure-coverage.ts';
import { blankComments } from './comments.ts';

/** A part of a changed file, small enough for one request. Everything in it is from outside. */
export interface Slice {
  readonly id: string;
  readonly path: string;
  /** Lines of the new text, from 1, both inclusive; the number says nothing about what a file claims. */
  readonly lines: readonly { readonly number: number; readonly text: string; readonly changed: boolean }[];
  /** What was removed, with the line of the new text in front of which it stood. */
  readonly removed: readonly { readonly before: number; readonly text: string }[];
  /** The changed stretches that it shows whole. */
  readonly covers: readonly string[];
}

/** Lines around a change that are shown with it. */
const AROUND = 60;
/** Of one slice. A longer stretch is shown in several, and counts as reviewed when all of them are. */
const MOST_LINES = 400;
const MOST_REMOVED = 1_200;

const classify = createClassifier();
/** A model that reads orders to agents may follow them: these files are for the text stage alone. */
const KEPT_BACK: ReadonlySet<string> = new Set(['instruction', 'agent-config']);

export function isShown(change: TreeChange): boolean {
  return isForModel(change) && !KEPT_BACK.has(classify(change.path).class);
}

/** The slices of a change, in the order of its lines. */
export function sliceChange(change: TreeChange): readonly Slice[] {
  if (!isShown(change)) return [];
  const lines = linesOf(change.new);
  const removed = removedLines(change);
  const groups = groupStretches(stretchesOf(change), lines.length);
  return groups.flatMap(({ from, to, stretches }) => {
    const parts: Slice[] = [];
    for (let start = from; start <= to || parts.length === 0; start += MOST_LINES) {
      const end = Math.min(to, start + MOST_LINES - 1);
      parts.push(cut(change, lines, removed, { from: start, to: end, stretches }));
    }
    return parts;
  });
}

/** The text of a side without the keys in it, which no model needs to see. Lines stay where they are. */
export function shownText(text: string): string {
  let result = '';
  let at = 0;
  for (const { start, end } of findLiteralKeys(text)) {
    result += text.slice(at, start) + text.slice(start, end).replace(/[^\r\n]/g, '*');
    at = end;
  }
  return result + text.slice(at);
}

function linesOf(side: TreeChange['new']): readonly string[] {
  return side && 'text' in side ? shownText(side.text).split('\n') : [];
}

function removedLines(change: TreeChange): readonly { readonly before: number; readonly text: string }[] {
  const old = linesOf(change.old);
  return change.hunks.flatMap(({ from, removed, to }) =>
    old.slice(from, from + removed).map((text) => ({ before: to + 1, text })),
  );
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly stretches: readonly Stretch[];
}

/** Stretches whose surroundings overlap share a slice. */
function groupStretches(stretches: readonly Stretch[], last: number): readonly Group[] {
  const groups: Group[] = [];
  for (const stretch of stretches) {
    const from = Math.max(1, stretch.line - AROUND);
    const to = Math.min(last, stretch.line + Math.max(0, stretch.lines - 1) + AROUND);
    const before = groups.at(-1);
    if (before && from <= before.to && to - before.from < MOST_LINES)
      groups[groups.length - 1] = { from: before.from, to, stretches: [...before.stretches, stretch] };
    else groups.push({ from, to, stretches: [stretch] });
  }
  return groups;
}

function cut(
  change: TreeChange,
  lines: readonly string[],
  removed: ReturnType<typeof removedLines>,
  { from, to, stretches }: Group,
): Slice {
  const isChanged = (number: number): boolean =>
    change.hunks.some((hunk) => number > hunk.to && number <= hunk.to + hunk.added);
  const shown = lines.slice(from - 1, to).map((text, index) => {
    const number = from + index;
    return { number, text, changed: isChanged(number) };
  });
  const gone = removed.filter(({ before }) => change.kind === 'removed' || (before >= from && before <= to + 1));
  const content = { path: change.path, lines: shown, removed: gone.slice(0, MOST_REMOVED) };
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  // What is not shown whole is not covered.
  return { id, ...content, covers: gone.length > MOST_REMOVED ? [] : stretches.map(stretchKey) };
}

/** The same slice without what its comments say. */
export function withoutComments(slice: Slice): Slice {
  const blank = blankComments(slice.path, slice.lines.map(({ text }) => text).join('\n')).split('\n');
  return { ...slice, lines: slice.lines.map((line, index) => ({ ...line, text: blank[index] ?? '' })) };
}
