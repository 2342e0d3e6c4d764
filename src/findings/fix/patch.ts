import { differenceOf, type LineChange } from '../../text/index.ts';
import type { FileChange } from './plan.ts';

/** Unchanged lines around a change, as `diff -u` shows them. */
const CONTEXT = 3;

/**
 * A unified diff that `git apply` accepts, byte for byte: carriage returns and a missing last newline are kept, odd
 * path names are quoted as git quotes them. Files that do not change are left out.
 */
export function renderPatch(changes: readonly FileChange[]): string {
  return changes
    .filter(({ before, after }) => before !== after)
    .map(renderFile)
    .join('');
}

function renderFile({ path, before, after }: FileChange): string {
  const old = splitLines(before ?? '');
  const now = splitLines(after);
  const head = [`diff --git ${quotePath(`a/${path}`)} ${quotePath(`b/${path}`)}\n`];
  if (before === undefined) head.push('new file mode 100644\n');
  const hunks = hunksOf(differenceOf(old, now), old.length, now.length);
  if (hunks.length === 0) return head.join('');
  head.push(`--- ${before === undefined ? '/dev/null' : nameLine(`a/${path}`)}\n`, `+++ ${nameLine(`b/${path}`)}\n`);
  return [...head, ...hunks.map((hunk) => renderHunk(hunk, old, now))].join('');
}

interface Hunk extends LineChange {
  readonly changes: readonly LineChange[];
}

/** Changes with their context; those whose contexts touch are one hunk. */
function hunksOf(changes: readonly LineChange[], oldLength: number, newLength: number): readonly Hunk[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last && change.from - (last.from + last.removed) <= 2 * CONTEXT) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (!first || !last) return [];
    const lead = Math.min(CONTEXT, first.from);
    const oldEnd = Math.min(oldLength, last.from + last.removed + CONTEXT);
    const newEnd = Math.min(newLength, last.to + last.added + CONTEXT);
    const from = first.from - lead;
    const to = first.to - lead;
    return [{ from, removed: oldEnd - from, to, added: newEnd - to, changes: group }];
  });
}

function renderHunk(hunk: Hunk, old: readonly string[], now: readonly string[]): string {
  const lines = [`@@ -${rangeOf(hunk.from, hunk.removed)} +${rangeOf(hunk.to, hunk.added)} @@\n`];
  const put = (mark: string, line: string) => {
    lines.push(line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`);
  };
  let at = hunk.from;
  for (const { from, removed, to, added } of hunk.changes) {
    for (const line of old.slice(at, from)) put(' ', line);
    for (const line of old.slice(from, from + removed)) put('-', line);
    for (const line of now.slice(to, to + added)) put('+', line);
    at = from + removed;
  }
  for (const line of old.slice(at, hunk.from + hunk.removed)) put(' ', line);
  return lines.join('');
}

/** One-based; an empty range names the line before it. */
function rangeOf(start: number, length: number): string {
  if (length === 1) return String(start + 1);
  return length === 0 ? `${start},0` : `${start + 1},${length}`;
}

/** Lines with their line feeds; a carriage return belongs to its line. */
function splitLines(text: string): readonly string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}

/** Behind a name with blanks git wants a tab, or it reads a date from it. */
function nameLine(name: string): string {
  const quoted = quotePath(name);
  return quoted === name && name.includes(' ') ? `${name}\t` : quoted;
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

/** As git does with `core.quotePath`: quotes only where a byte needs them, bytes outside of ASCII as octal. */
function quotePath(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path) && !/["\\]/.test(path)) return path;
  const bytes = Array.from(Buffer.from(path), (byte) => {
    const short = ESCAPES.get(byte);
    if (short !== undefined) return short;
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${bytes.join('')}"`;
}
