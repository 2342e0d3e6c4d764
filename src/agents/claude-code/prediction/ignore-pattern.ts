import { matchSequence } from '../../../policy/index.ts';

/** More segments no honest path has. */
const MOST_SEGMENTS = 256;

/**
 * One pattern as the CLI's `.gitignore` library reads it (git documentation, gitignore, "pattern format"): anchored when a
 * slash stands in it elsewhere than at its end, about folders only when it ends in one.
 */
export interface IgnorePattern {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** `**`, or what a name is compared with. */
  readonly segments: readonly (readonly Sign[])[];
}

/** `*`, `?`, `=c` for a character, `[…` for any of some, `!` for none. */
type Sign = string;

const ANY_FOLDERS: readonly Sign[] = ['**'];

/**
 * Read a pattern. Blanks at the end do not count unless escaped; `\` takes the meaning of the next character away.
 *
 * @returns undefined for text that selects nothing: empty, a comment, an open escape.
 */
export function readIgnorePattern(text: string): IgnorePattern | undefined {
  const trimmed = text.replace(/(?<!\s)\s+$/, (blanks, at: number) =>
    text[at - 1] === '\\' ? blanks.slice(0, 1) : '',
  );
  const negated = trimmed.startsWith('!');
  const pattern = negated ? trimmed.slice(1) : trimmed;
  if (pattern === '' || trimmed.startsWith('#') || /(?<!\\)\\$/.test(pattern)) return undefined;
  const foldersOnly = pattern.endsWith('/');
  const anchored = pattern.slice(0, -1).includes('/');
  const written = pattern.split('/').filter((segment) => segment !== '');
  if (written.length === 0 || written.length > MOST_SEGMENTS) return undefined;
  const segments = written.map((segment) => (segment === '**' && anchored ? ANY_FOLDERS : signsOf(segment)));
  return { negated, foldersOnly, segments: anchored ? segments : [ANY_FOLDERS, ...segments] };
}

/**
 * The last of these patterns that is about the path or, before it, about a folder above. What lies in a selected folder
 * stays selected: no later pattern takes it out again.
 *
 * @param path names below the folder that the patterns start from.
 * @returns its index; undefined when none selects the path, or the last one that is about it is negated.
 */
export function selectedBy(
  patterns: readonly (IgnorePattern | undefined)[],
  path: readonly string[],
): number | undefined {
  if (path.length > MOST_SEGMENTS) return undefined;
  const names = path.map((name) => Array.from({ length: name.length }, (_, at) => folded(name[at] ?? '')));
  for (let depth = 1; depth <= names.length; depth++) {
    const above = names.slice(0, depth);
    const isFolder = depth < names.length;
    const last = patterns.findLastIndex(
      (pattern) => pattern && (isFolder || !pattern.foldersOnly) && matchesNames(pattern.segments, above),
    );
    if (last >= 0 && patterns[last]?.negated === false) return last;
  }
  return undefined;
}

function signsOf(segment: string): readonly Sign[] {
  const signs: Sign[] = [];
  for (let at = 0; at < segment.length; at++) {
    const sign = segment[at] ?? '';
    if (sign === '\\' && at + 1 < segment.length) signs.push(`=${folded(segment[++at] ?? '')}`);
    else if (sign === '*' || sign === '?') signs.push(sign);
    else if (sign === '[') {
      const end = segment.indexOf(']', at);
      if (end < 0) return ['!'];
      signs.push(segment.slice(at, end));
      at = end;
    } else signs.push(`=${folded(sign)}`);
  }
  return signs;
}

/** `**` is any number of folders, at the end of a pattern at least one name. */
function matchesNames(pattern: IgnorePattern['segments'], names: readonly (readonly string[])[]): boolean {
  let reached = new Set([0]);
  for (const [depth, name] of [...names, undefined].entries()) {
    for (const at of reached) if (pattern[at] === ANY_FOLDERS && at + 1 < pattern.length) reached.add(at + 1);
    if (name === undefined) return reached.has(pattern.length) && depth > 0;
    const next = new Set<number>();
    for (const at of reached) {
      const wanted = pattern[at];
      if (wanted === ANY_FOLDERS) next.add(at).add(at + 1 === pattern.length ? at + 1 : at);
      else if (wanted !== undefined && matchSequence(wanted, name, '*', fits)) next.add(at + 1);
    }
    reached = next;
  }
  return false;
}

function fits(sign: Sign, character: string): boolean {
  if (sign.startsWith('=')) return sign.slice(1) === character;
  return sign === '?' || (sign.startsWith('[') && isInClass(sign.slice(1), character));
}

/** Ranges and single characters; `!` and `^` are characters as any other in this library. */
function isInClass(body: string, character: string): boolean {
  for (let at = 0; at < body.length; at++) {
    const from = body[at] ?? '';
    const to = body[at + 1] === '-' ? body[at + 2] : undefined;
    if (to !== undefined) at += 2;
    const forms = [character, character.toLowerCase()];
    if (forms.some((form) => form >= from && form <= (to ?? from))) return true;
    if (to === undefined && folded(from) === character) return true;
  }
  return false;
}

/** Case as a regular expression without `u` ignores it (ECMA-262, Canonicalize): no other character becomes an ASCII one. */
function folded(character: string): string {
  const upper = character.toUpperCase();
  if (upper.length !== 1 || (character > '\u007f' && upper <= '\u007f')) return character;
  return upper;
}
