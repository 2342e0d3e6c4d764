import type { Place } from '../../syntax/index.ts';
import type { SourceRow } from '../catalogue.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';

/** One place where outsiders' data enters. */
export interface Origin {
  readonly what: string;
  /** Its name without positions, for the finding's subject. */
  readonly name: string;
  readonly place: Place;
  readonly row: SourceRow['id'];
}

/** How a value came here: the newest step first. */
export interface Trace {
  readonly place: Place;
  readonly message: string;
  readonly previous: Trace | undefined;
  readonly length: number;
}

/** That a value may hold data of an origin. */
export interface Label {
  readonly origin: Origin;
  /** Categories for which it is harmless by now. */
  readonly cleared: number;
  /** Categories for which a flow of it says little. */
  readonly doubted: number;
  /** Quotation marks it cannot hold any more: harmless only inside of these. */
  readonly quotes: string;
  readonly trace: Trace | undefined;
  /** What an encoding cleared, which decoding brings back. */
  readonly encoded: number;
}

/** Row of the origins that `--threat-model library` adds. */
export const LIBRARY_ORIGIN = 'library';

export const NO_TAINT: readonly Label[] = [];

/** Labels kept on one value; above it the most dangerous ones stay. */
const MOST_LABELS = 6;

/** Steps kept of one flow. */
const MOST_STEPS = 24;

/** Both sets; equal ones once. Of too many the cleared ones go first. */
export function unionLabels(left: readonly Label[], right: readonly Label[]): readonly Label[] {
  if (left.length === 0 || left === right) return right;
  if (right.length === 0) return left;
  const extra = right.filter((label) => !left.some((other) => covers(other, label)));
  if (extra.length === 0) return left;
  const all = [...left.filter((label) => !extra.some((other) => covers(other, label))), ...extra];
  return all.length <= MOST_LABELS
    ? all
    : all.toSorted((a, b) => bits(a.cleared) - bits(b.cleared)).slice(0, MOST_LABELS);
}

/** Whether `wide` is dangerous wherever `narrow` is, and of the same origin. */
function covers(wide: Label, narrow: Label): boolean {
  return (
    wide.origin === narrow.origin &&
    (wide.cleared & ~narrow.cleared) === 0 &&
    (wide.doubted & ~narrow.doubted) === 0 &&
    (wide.quotes === narrow.quotes || wide.quotes === '')
  );
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The labels with more categories cleared; one that is harmless for everything goes. */
export function clearLabels(labels: readonly Label[], mask: number): readonly Label[] {
  if (labels.length === 0 || mask === 0) return labels;
  if (mask === EVERYTHING) return NO_TAINT;
  const cleared = labels.map((label) => ({ ...label, cleared: label.cleared | mask }));
  return cleared.filter((label) => label.cleared !== EVERYTHING || label.encoded !== 0);
}

/** The labels with more categories for which a flow of them says little. */
export function doubtLabels(labels: readonly Label[], mask: number): readonly Label[] {
  if (mask === 0) return labels;
  return labels.map((label) => ({ ...label, doubted: label.doubted | mask }));
}

/** The labels dangerous again for these categories: a text that was checked to be one is taken apart. */
export function exposeLabels(labels: readonly Label[], mask: number): readonly Label[] {
  return labels.map((label) => ({ ...label, cleared: label.cleared & ~mask }));
}

/** The labels of an encoded text: harmless for some categories until it is decoded. */
export function encodeLabels(labels: readonly Label[], mask: number): readonly Label[] {
  return labels.map((label) => ({
    ...label,
    cleared: label.cleared | mask,
    encoded: label.encoded | (mask & ~label.cleared),
  }));
}

/** The labels of a decoded text. */
export function decodeLabels(labels: readonly Label[]): readonly Label[] {
  return labels.map((label) =>
    label.encoded === 0 ? label : { ...label, cleared: label.cleared & ~label.encoded, encoded: 0 },
  );
}

/** Marks of a text whose first character begins no markup, and of one whose scheme runs no script. */
export const NO_MARKUP = '^';
export const SCHEME = ':';

/** The mark of a text of limited length. */
export const SHORT = '#';

/** The mark, among the quotation marks of a label, of a text without `..`; `/` stands for one that is not absolute. */
export const DOTS = '.';

const PATH = maskOf(['path']);

/** The labels of a text that lost a quotation mark. A path that neither climbs nor is absolute is harmless. */
export function neutraliseQuote(labels: readonly Label[], quote: string): readonly Label[] {
  return labels.flatMap((label) => {
    if (label.quotes.includes(quote)) return [label];
    const quotes = [...label.quotes, quote].sort().join('');
    return quotes.includes(DOTS) && quotes.includes('/')
      ? clearLabels([{ ...label, quotes }], PATH)
      : [{ ...label, quotes }];
  });
}

/** Append a step to the way of each label; the same place twice in a row is one step. */
export function traceLabels(labels: readonly Label[], place: Place, message: string): readonly Label[] {
  if (labels.length === 0) return labels;
  return labels.map((label) => {
    const last = label.trace;
    if (last && (last.length >= MOST_STEPS || last.place === place)) return label;
    return { ...label, trace: { place, message, previous: last, length: (last?.length ?? 0) + 1 } };
  });
}
