/**
 * Path globs in the manner of `.gitignore`, the one dialect of this room: a pattern without a slash matches a name at
 * any depth, one with a slash is anchored at the root, `**` spans directories, `*` and `?` stay within one name, and
 * what matches a directory covers everything under it.
 */
export interface GlobOptions {
  /** Agents and some file systems ignore case, so protection must too (agents reference, 2.4.7). */
  readonly ignoreCase: boolean;
}

export type PathMatcher = (path: string) => boolean;

const SPECIAL = /[\\^$.|+()[\]{}]/g;

function translateSegment(segment: string): string {
  return segment.replace(SPECIAL, '\\$&').replace(/\*+/g, '[^/]*').replace(/\?/g, '[^/]');
}

/** The regular expression of one pattern. `/**` at the end also matches the directory itself: a link may stand there. */
function translate(pattern: string): string {
  const trimmed = pattern
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .replace(/\/\*\*$/, '');
  const anchored = trimmed.includes('/');
  const segments = trimmed.replace(/^\//, '').split('/');
  const parts = segments.map((segment, index) => {
    if (segment === '**') return index === segments.length - 1 ? '.*' : '(?:.*/)?';
    return translateSegment(segment) + (index === segments.length - 1 ? '' : '/');
  });
  return `${anchored ? '' : '(?:.*/)?'}${parts.join('')}(?:/.*)?`;
}

/** One matcher for a list of patterns; an empty list matches nothing. Path and patterns are in the same encoding. */
export function compileGlobs(patterns: readonly string[], options: GlobOptions): PathMatcher {
  if (patterns.length === 0) return () => false;
  const source = patterns.map(translate).join('|');
  const expression = new RegExp(`^(?:${source})$`, options.ignoreCase ? 'is' : 's');
  return (path) => expression.test(path);
}
