import type { Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex, type Span } from '../../syntax/index.ts';
import type { ReadCode } from './residue.ts';
import {
  codeOf,
  fieldOf,
  namesGivenBy,
  namesIn,
  type Placed,
  partsAround,
  partsBelow,
  partsIn,
  plainCode,
  writtenText,
} from './spot.ts';
import { extentOf } from './standing.ts';

/**
 * Whether a patch does nothing but take out what a finding names: an entry of a list of what is permitted, or a page of
 * the browser's program, with what only that used. What is not there any more shows and permits nothing.
 *
 * A check that is taken out is no entry: that would open what it closed.
 */
export function isGoneWhole(target: Finding, files: readonly FileChange[], read: ReadCode): boolean {
  const [file] = files;
  const places = [target.place, ...target.related.map(({ place }) => place)];
  if (files.length !== 1 || file?.before === undefined || places.some((place) => place.file !== file.path))
    return false;
  const [old, now] = [file.before, file.after].map((text) => read({ path: file.path, text }));
  if (!old || !now || old.gaps.length + now.gaps.length > 0) return false;
  const entries = places.flatMap(({ span }) => entryAround(old, span) ?? []);
  if (entries.length < places.length || entries.some((entry) => isLeft(entry, now))) return false;
  const cut = [...entries, ...goneWith(old, now)].map(({ place }) => place.span);
  return plainCode(withoutSpans(old.file.text, cut)) === plainCode(now.file.text);
}

/** Statements of the file that are gone and gave a meaning to names that nothing uses any more. */
function goneWith(old: Module, now: Module): readonly Placed[] {
  const left = new Set(now.body.map((statement) => codeOf(statement, now.file)));
  const used = namesIn(partsIn(now.body));
  return old.body.filter((statement) => {
    if (statement.kind === 'declare' || left.has(codeOf(statement, old.file))) return false;
    const given =
      statement.kind === 'import'
        ? statement.names.map(({ local }) => local)
        : [statement, ...partsIn([statement]), ...partsIn(statement)].flatMap(namesGivenBy);
    return given.length > 0 && given.every((name) => !used.has(name));
  });
}

/** Each with the comma and the remark that follow it on its line. */
function withoutSpans(text: string, spans: readonly Span[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    if (end <= from) continue;
    // A text may have its place inside of its marks.
    const lead = /["'`]$/.test(text.slice(from, start)) && !/^["'`]/.test(text.slice(start, end)) ? 1 : 0;
    kept.push(text.slice(from, start - lead));
    from = end + (/^["'`]?\s*,?(?:[ \t]*\/\/[^\n]*)?/.exec(text.slice(end))?.[0].length ?? 0);
  }
  return [...kept, text.slice(from)].join('');
}

const PERMITTED = /allow|permit|trust|white|safe|known|accept|partner/i;

/** The entry that stands for itself: a text of a list of what is permitted, or the map that describes a page. */
function entryAround(module: Module, span: Span): Placed | undefined {
  const index = createLineIndex(module.file.text);
  const [first, last] = [span.start, Math.max(span.start, span.end - 1)].map((at) => index.position(at).line);
  const path = partsAround(module, extentOf(module.file, first ?? 1, last ?? 1));
  for (let at = path.length - 1; at > 0; at--) {
    const [outer, inner] = [path[at - 1], path[at]];
    if (outer?.kind !== 'list' || !inner) continue;
    // Whether a page that is taken out was the one to go is for a person to say.
    if (inner.kind === 'map') return undefined;
    const isPermitted = path
      .slice(0, at)
      .some(
        (part) =>
          part.kind === 'assign' &&
          [...namesIn(partsIn([fieldOf(part, 'target')]))].some((name) => PERMITTED.test(name)),
      );
    return writtenText(inner) !== undefined && isPermitted ? inner : undefined;
  }
  return undefined;
}

/** The same text somewhere else opens the same. */
function isLeft(entry: Placed, now: Module): boolean {
  const text = writtenText(entry);
  const left = partsBelow(partsIn(now.body));
  if (text !== undefined) return left.some((part) => writtenText(part) === text);
  const shown = pageWords(entry);
  return left.some((part) => part.kind === 'name' && shown.has(String(fieldOf(part, 'name'))));
}

/** What a page is made of: names with a capital, those of guards among them left out. */
function pageWords(entry: Placed): ReadonlySet<string> {
  const names = [...namesIn([entry])].filter((name) => /^[A-Z]/.test(name) && !/Guard/.test(name));
  return new Set(names);
}
