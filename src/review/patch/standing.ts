import type { Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex, type Place, type SourceFile, type Span } from '../../syntax/index.ts';
import { differenceOf } from '../../text/index.ts';
import { type Remarks, withoutRemarks } from './remarks.ts';
import type { ReadCode } from './residue.ts';
import { plainCode, withoutRemarkBehind } from './spot.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

/** What a patch left of the places that a finding names. */
export type Standing =
  /** Each is as it was, with all that decides about it. */
  | { readonly kind: 'all'; readonly line: number }
  /** Of several entries of one list some are gone and this one is as it was. */
  | { readonly kind: 'entry'; readonly line: number }
  /** This one is as it was; another is not. */
  | { readonly kind: 'some'; readonly line: number }
  | { readonly kind: 'none' }
  /** Another file may decide about it, or it cannot be read. */
  | { readonly kind: 'unknown' };

interface Sight {
  readonly place: Place;
  /** From 1, in the old text. */
  readonly line: number;
  readonly stands: boolean;
  readonly gone: boolean;
  readonly list: number | undefined;
}

/**
 * Whether a patch touches what a finding lies on: its line, the checks before it, what gives its names a meaning, its
 * callers. It decides only where one file with code changes and both its versions can be read whole.
 *
 * @param options.gone what the patch may have taken out: that alone touches nothing else
 * @param options.remarks what of the file cannot decide about it
 */
export function standingOf(
  target: Pick<Finding, 'place' | 'related'>,
  files: readonly FileChange[],
  read: ReadCode,
  { gone, remarks }: { readonly gone?: Place; readonly remarks: Remarks },
): Standing {
  const [file] = files;
  const places = [target.place, ...target.related.map(({ place }) => place)];
  if (files.length !== 1 || file?.before === undefined || places.some((place) => place.file !== file.path))
    return { kind: 'unknown' };
  const old = read({ path: file.path, text: file.before });
  const now = read({ path: file.path, text: file.after });
  if (!old || !now || old.gaps.length + now.gaps.length > 0) return { kind: 'unknown' };
  const [before, after] = [plainForm(old, remarks), plainForm(now, remarks)];
  const sights = places.map((place) => sightOf(place, before, after, gone?.file === file.path ? gone.span : undefined));
  const known = sights.filter((sight) => sight !== undefined);
  const standing = known.find(({ stands }) => stands);
  if (known.length < sights.length) return { kind: 'unknown' };
  if (!standing) return { kind: 'none' };
  if (known.every(({ stands }) => stands)) return { kind: 'all', line: standing.line };
  const ofOneList = standing.list !== undefined && known.every(({ list }) => list === standing.list);
  return { kind: ofOneList && known.some(({ gone }) => gone) ? 'entry' : 'some', line: standing.line };
}

function plainForm(module: Module, remarks: Remarks): Module {
  return { ...module, file: withoutRemarks(module, remarks) };
}

function sightOf(place: Place, before: Module, after: Module, without: Span | undefined): Sight | undefined {
  const index = createLineIndex(before.file.text);
  const first = index.position(place.span.start).line;
  const last = index.position(Math.max(place.span.start, place.span.end - 1)).line;
  const old = surroundingsOf(before, extentOf(before.file, first, last), without);
  if (!old) return undefined;
  const moved = lineAfter(before.file, after.file, first, last);
  const now =
    moved === undefined ? undefined : surroundingsOf(after, extentOf(after.file, moved, moved + last - first));
  const stands = now !== undefined && isSame(old, now);
  return { place, line: first, stands, gone: moved === undefined, list: old.list };
}

function isSame(old: Surroundings, now: Surroundings): boolean {
  return (
    old.unit === now.unit && old.code.length === now.code.length && old.code.every((code, at) => code === now.code[at])
  );
}

/** Where lines stand in the new text, from 1; undefined when one of them changed. */
function lineAfter(before: SourceFile, after: SourceFile, first: number, last: number): number | undefined {
  const [old, now] = [before, after].map(({ text }) => text.split('\n').map(plainCode));
  if (!old || !now) return undefined;
  let shift = 0;
  for (const { from, removed, added } of differenceOf(old, now)) {
    if (from >= last) break;
    if (from + removed > first - 1 || (removed === 0 && from >= first)) return undefined;
    shift += added - removed;
  }
  return first + shift;
}

/** Lines, from 1, without the blanks and commas around them and without a remark behind. */
export function extentOf({ text }: SourceFile, first: number, last: number): Span {
  const index = createLineIndex(text);
  const start = index.offset(first, 1);
  const end = index.offset(last, Number.MAX_SAFE_INTEGER);
  const lines = text.slice(start, end);
  const lead = lines.length - lines.trimStart().length;
  return { start: start + lead, end: start + withoutRemarkBehind(lines).replace(/[\s,;]+$/, '').length };
}
