import { matchSequence } from './wildcard.ts';

/** Decides whether a path (already normalised, see `normalisePath`) is selected. */
export type PathMatcher = (path: string) => boolean;

/** Most alternatives that braces may expand to, and the longest pattern that is read. */
const LIMITS = { alternatives: 64, length: 512 } as const;

export class GlobError extends Error {}

/**
 * Compile a path pattern into a matcher that takes time linear in pattern × path, never more: no regular expression.
 *
 * - `*` and `?` stay inside one path segment, `**` is any number of segments, `{a,b}` is either.
 * - A pattern without `/` selects that name at any depth (as in .gitignore); with one it is anchored at the root.
 * - When the last segment has no wildcard, or ends with `/`, everything beneath it is selected too.
 * - `[`, `]` and every other character stand for themselves.
 *
 * `fold` ignores case: right for deny and ask, because a file system may (`.GIT` is `.git` on some), wrong for allow.
 * @throws GlobError for a pattern that cannot mean what it says (empty, negated, `..`, backslash).
 */
export function compileGlob(pattern: string, options: { readonly fold: boolean }): PathMatcher {
  return compileGlobs([pattern], options);
}

/** One matcher for a list of patterns: true when any of them selects the path. @throws GlobError */
export function compileGlobs(patterns: readonly string[], options: { readonly fold: boolean }): PathMatcher {
  const all = patterns.flatMap((pattern) => expandBraces(checkPattern(pattern)));
  const folded = options.fold ? all.map(foldCase) : all;
  // Most patterns of a long list are plain names, which select by any segment of the path.
  const names = new Set(folded.filter(isPlainName).map((name) => name.replace(/\/$/, '')));
  const matchers = folded.filter((pattern) => !isPlainName(pattern)).map(compileOne);
  const selects = (path: string): boolean => {
    const segments = path.split('/');
    return matchers.some((matches) => matches(segments)) || (names.size > 0 && selectsName(names, segments));
  };
  if (!options.fold) return selects;
  return (path) => {
    const folded = foldCase(path);
    const name = foldName(path);
    return selects(folded) || (name !== folded && selects(name));
  };
}

function isPlainName(pattern: string): boolean {
  return /^[^*?/]+\/?$/.test(pattern);
}

function selectsName(names: ReadonlySet<string>, segments: readonly string[]): boolean {
  return segments.some((segment) => names.has(segment));
}

/**
 * Make a path comparable: no `.`, `//` or trailing `/`, `..` resolved. A path inside `root` becomes relative to it;
 * one outside stays absolute. Without a root, a relative path that climbs out gives a path that starts with `../`.
 */
export function normalisePath(path: string, root?: string): string {
  const full = root !== undefined && !path.startsWith('/') ? `${root}/${path}` : path;
  const kept: string[] = [];
  for (const segment of full.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!full.startsWith('/')) kept.push('..');
  }
  const joined = kept.join('/');
  if (!full.startsWith('/')) return joined === '' ? '.' : joined;
  const base = root === undefined ? undefined : normalisePath(root).replace(/\/$/, '');
  if (base === undefined) return `/${joined}`;
  if (`/${joined}` === base) return '.';
  return `/${joined}`.startsWith(`${base}/`) ? `/${joined}`.slice(base.length + 1) : `/${joined}`;
}

/** The form in which paths are compared where case does not matter; upper case first, for `ſ` and the Kelvin sign. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase();
}

/** Code points that HFS+ leaves out when it compares names. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * What a path means to the least exact of the file systems that a repository is checked out on: besides case, HFS+
 * ignores some code points, and NTFS dots and blanks at the end of a name and what follows a colon (CVE-2014-9390).
 */
export function foldName(path: string): string {
  const segments = foldCase(path.replace(IGNORED, '')).split('/');
  return segments.map((segment) => segment.replace(/(?<=.):.*$/s, '').replace(/(?<=[^. ])[. ]+$/, '')).join('/');
}

function checkPattern(pattern: string): string {
  if (pattern === '') throw new GlobError('the pattern is empty');
  if (pattern.length > LIMITS.length) throw new GlobError(`the pattern is longer than ${LIMITS.length} characters`);
  if (pattern.startsWith('!')) throw new GlobError('a pattern cannot be negated; write it under `deny` or `allow`');
  if (pattern.includes('\\')) throw new GlobError('a pattern has no escapes; separate segments with `/`');
  if (pattern.startsWith('~') || pattern.includes('$')) throw new GlobError('`~` and variables are not expanded');
  const plain = pattern.startsWith('./') ? pattern.slice(2) : pattern;
  if (plain.split('/').includes('..')) throw new GlobError('a pattern cannot climb with `..`');
  return plain;
}

function expandBraces(pattern: string): readonly string[] {
  const queue = [pattern];
  const done: string[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const open = next.lastIndexOf('{');
    const close = next.indexOf('}', open);
    if (open < 0 && !next.includes('}')) done.push(next);
    else if (open < 0 || close < 0) throw new GlobError('a brace is not closed');
    else {
      const [before, after] = [next.slice(0, open), next.slice(close + 1)];
      for (const part of next.slice(open + 1, close).split(',')) queue.push(before + part + after);
    }
    if (queue.length + done.length > LIMITS.alternatives) {
      throw new GlobError(`the braces stand for more than ${LIMITS.alternatives} patterns`);
    }
  }
  return done;
}

function compileOne(pattern: string): (path: readonly string[]) => boolean {
  const directory = pattern.endsWith('/');
  const segments = (directory ? pattern.replace(/\/+$/, '') : pattern).split('/');
  const anchored = segments.length > 1 ? segments : ['**', ...segments];
  const last = anchored.at(-1) ?? '';
  const beneath = directory || !/[*?]/.test(last);
  if (segments.length === 1 && !beneath && last !== '**') return (path) => matchSegment(last, path.at(-1) ?? '');
  const whole = [anchored];
  if (beneath) whole.push([...anchored, '**', '*']);
  // A name without wildcards must be in the path: few paths of a repository get past this.
  const name = anchored.find((segment) => !/[*?]/.test(segment));
  return (path) =>
    (name === undefined || path.includes(name)) && whole.some((candidate) => matchSegments(candidate, path));
}

function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  return matchSequence(pattern, path, '**', matchSegment);
}

function matchSegment(pattern: string, text: string): boolean {
  return matchSequence(pattern, text, '*', (wanted, character) => wanted === '?' || wanted === character);
}
