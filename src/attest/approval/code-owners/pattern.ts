import type { CodeOwnersDialect } from './model.ts';

/** One place in a part of a path: a character, `?`, `*`, or a set of characters. */
type Glyph =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

/** What stands between two slashes; `globstar` is `**`: any number of folders. */
type Part = { readonly kind: 'globstar' } | { readonly kind: 'glyphs'; readonly glyphs: readonly Glyph[] };

const LONGEST_PATTERN = 1024;

/**
 * A pattern of CODEOWNERS as a function, or what is wrong with it. Matching tries each place of the path once for each
 * part of the pattern and never more: no pattern of anybody's is slow.
 *
 * GitHub: as in .gitignore, without `!`, `[…]` and `\#`. GitLab: File.fnmatch of Ruby with FNM_PATHNAME and FNM_DOTMATCH.
 */
export function compileOwnerPattern(pattern: string, dialect: CodeOwnersDialect): ((path: string) => boolean) | string {
  if (pattern.length > LONGEST_PATTERN) return 'a pattern that is too long';
  const fault = dialect === 'github' ? gitHubFault(pattern) : undefined;
  if (fault !== undefined) return fault;
  const parts = dialect === 'github' ? gitHubParts(pattern) : gitLabParts(pattern);
  if (typeof parts === 'string') return parts;
  const glyphs = collapse(parts);
  return (path) => matchParts(glyphs, path.split('/'));
}

function gitHubFault(pattern: string): string | undefined {
  if (pattern.startsWith('!')) return 'GitHub knows no `!` here';
  if (pattern.startsWith('\\#')) return 'GitHub knows no escaped `#` here';
  return /(?<!\\)\[/.test(pattern) ? 'GitHub knows no `[…]` here' : undefined;
}

/** A slash at the start or in the middle ties it to the root; a folder stands for all below it. */
function gitHubParts(pattern: string): readonly Part[] | string {
  const trimmed = pattern.replace(/^\//, '').replace(/\/$/, '');
  if (trimmed === '') return [{ kind: 'globstar' }];
  const anchored = pattern.startsWith('/') || trimmed.includes('/');
  const parts = readParts(trimmed, false);
  if (typeof parts === 'string') return parts;
  const lead: readonly Part[] = anchored ? [] : [{ kind: 'globstar' }];
  const last = parts.at(-1);
  // `docs/*` speaks of the files in `docs` alone; `docs` and `docs/` of everything below.
  const shallow = anchored && !pattern.endsWith('/') && last?.kind === 'glyphs' && isStar(last.glyphs);
  return shallow ? [...lead, ...parts] : [...lead, ...parts, ...below(pattern)];
}

const ANYTHING: Part = { kind: 'glyphs', glyphs: [{ kind: 'star' }] };

/** A pattern that ends with a slash is a folder: at least one name must follow. */
function below(pattern: string): readonly Part[] {
  return pattern.endsWith('/') ? [{ kind: 'globstar' }, ANYTHING] : [{ kind: 'globstar' }];
}

/** A pattern without a slash before it is found in every folder; a name without one after it is a file. */
function gitLabParts(pattern: string): readonly Part[] | string {
  const anchored = pattern.startsWith('/');
  const inside = pattern.replace(/^\//, '').replace(/\/$/, '');
  const parts = inside === '' ? [] : readParts(inside, true);
  if (typeof parts === 'string') return parts;
  const lead: readonly Part[] = anchored ? [] : [{ kind: 'globstar' }];
  const trail: readonly Part[] = pattern.endsWith('/') ? [{ kind: 'globstar' }, ANYTHING] : [];
  // Ruby reads `**` as folders only before a slash; at the end it is a star.
  const last = parts.at(-1);
  const body = trail.length === 0 && last?.kind === 'globstar' ? [...parts.slice(0, -1), ANYTHING] : parts;
  return [...lead, ...body, ...trail];
}

function readParts(text: string, sets: boolean): readonly Part[] | string {
  const parts: Part[] = [];
  for (const name of text.split('/')) {
    if (name === '**') parts.push({ kind: 'globstar' });
    else if (name === '') return 'a pattern with an empty folder name';
    else {
      const glyphs = readGlyphs(name, sets);
      if (typeof glyphs === 'string') return glyphs;
      parts.push({ kind: 'glyphs', glyphs });
    }
  }
  return parts;
}

function readGlyphs(name: string, sets: boolean): readonly Glyph[] | string {
  // By code point, as the path is: a character beyond the first plane is one place.
  const characters = [...name];
  const glyphs: Glyph[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') {
      if (glyphs.at(-1)?.kind !== 'star') glyphs.push({ kind: 'star' });
    } else if (character === '?') glyphs.push({ kind: 'any' });
    else if (character === '\\') {
      at += 1;
      const escaped = characters[at];
      if (escaped === undefined) return 'a pattern that ends with a backslash';
      glyphs.push({ kind: 'character', character: escaped });
    } else if (character === '[' && sets) {
      const set = readSet(characters, at);
      if (set === undefined) return 'a `[` that is not closed';
      glyphs.push(set.glyph);
      at = set.end;
    } else glyphs.push({ kind: 'character', character });
  }
  return glyphs;
}

/** `[a-z]`, `[!a]`, `[^a]`; the first `]` after a character closes it. */
function readSet(
  characters: readonly string[],
  start: number,
): { readonly glyph: Glyph; readonly end: number } | undefined {
  const negated = characters[start + 1] === '!' || characters[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const end = characters.indexOf(']', first + 1);
  if (end < 0) return undefined;
  const ranges: (readonly [string, string])[] = [];
  for (let at = first; at < end; at++) {
    const low = characters[at] ?? '';
    const high = characters[at + 1] === '-' && at + 2 < end ? characters[at + 2] : undefined;
    ranges.push([low, high ?? low]);
    if (high !== undefined) at += 2;
  }
  return { glyph: { kind: 'set', negated, ranges }, end };
}

function isStar(glyphs: readonly Glyph[]): boolean {
  return glyphs.length === 1 && glyphs[0]?.kind === 'star';
}

/** Two `**` in a row mean what one does. */
function collapse(parts: readonly Part[]): readonly Part[] {
  return parts.filter((part, at) => part.kind !== 'globstar' || parts[at - 1]?.kind !== 'globstar');
}

function matchParts(parts: readonly Part[], names: readonly string[]): boolean {
  return matchStarred(
    parts,
    names,
    (part) => part.kind === 'globstar',
    (part, name) => part.kind === 'glyphs' && matchGlyphs(part.glyphs, name),
  );
}

function matchGlyphs(glyphs: readonly Glyph[], name: string): boolean {
  return matchStarred(glyphs, [...name], (glyph) => glyph.kind === 'star', matchesGlyph);
}

function matchesGlyph(glyph: Glyph, character: string): boolean {
  switch (glyph.kind) {
    case 'character':
      return glyph.character === character;
    case 'any':
      return true;
    case 'set':
      return glyph.negated !== glyph.ranges.some(([low, high]) => low <= character && character <= high);
    case 'star':
      return false;
  }
}

/**
 * Does a sequence match a pattern with stars, each of which stands for any number of items? Only the last star is ever
 * taken back: what an earlier one could give away, the last one can take.
 */
function matchStarred<Item, Sign>(
  pattern: readonly Sign[],
  items: readonly Item[],
  isAny: (sign: Sign) => boolean,
  matches: (sign: Sign, item: Item) => boolean,
): boolean {
  let sign = 0;
  let star = -1;
  let resume = 0;
  for (let item = 0; item < items.length; ) {
    const [expected, actual] = [pattern[sign], items[item]];
    if (expected !== undefined && isAny(expected)) {
      star = sign;
      resume = item;
      sign += 1;
    } else if (expected !== undefined && actual !== undefined && matches(expected, actual)) {
      sign += 1;
      item += 1;
    } else if (star >= 0) {
      resume += 1;
      item = resume;
      sign = star + 1;
    } else return false;
  }
  while (sign < pattern.length && isAnyAt(pattern, sign, isAny)) sign += 1;
  return sign === pattern.length;
}

function isAnyAt<Sign>(pattern: readonly Sign[], at: number, isAny: (sign: Sign) => boolean): boolean {
  const sign = pattern[at];
  return sign !== undefined && isAny(sign);
}
