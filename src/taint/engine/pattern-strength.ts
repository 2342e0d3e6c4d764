import { alphabetOf, characterClassOf } from '../regex/alphabet.ts';
import { type CharacterSet, complement, overlaps, single, union } from '../regex/character-set.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';

function coversWhole(pattern: string, coversStart: boolean, coversEnd: boolean): boolean {
  const starts = coversStart || /^(?:\(\?[a-zA-Z]+\))?(?:\^|\\A)/.test(pattern);
  const ends = coversEnd || /(?:[^\\]|^)(?:\\\\)*(?:\$|\\Z|\\z)$/.test(pattern);
  return starts && ends && !hasOpenAlternative(pattern, coversStart && coversEnd);
}

/**
 * Categories for which a text is harmless that an expression has accepted: it must cover the whole text. All of them when
 * it allows no class that stands for "anything" (no `.`, no negated class, no `\S`, `\W`, `\D`), otherwise what the
 * characters that it leaves out are needed for.
 */
export function clearedByMatch(pattern: string, coversStart: boolean, coversEnd: boolean): number {
  if (!coversWhole(pattern, coversStart, coversEnd)) return 0;
  return allowsAnything(pattern) ? clearedByAlphabet(alphabetOf(pattern)) : ALL_BUT_SESSION;
}

/** Characters that a harmless class does not hold: they end texts, paths, commands. */
const DANGEROUS = new Set(['"', "'", '`', '<', '>', ';', '|', '&', '$', '/', '\\', '\n']);

const DANGEROUS_SET = union([...DANGEROUS].map(single));

/** A test of characters does not make a value the server's own. */
const ALL_BUT_SESSION = EVERYTHING & ~maskOf(['session']);

/** What a text without one of these characters is harmless for. */
const LACKED = [
  { characters: '<', clears: maskOf(['xss']) },
  { characters: '/\\', clears: maskOf(['path']) },
  { characters: '\r\n', clears: maskOf(['log', 'header', 'email']) },
] as const;

/** Categories for which a text of these characters alone is harmless. */
function clearedByAlphabet(alphabet: CharacterSet | undefined): number {
  if (!alphabet) return 0;
  if (!overlaps(alphabet, DANGEROUS_SET)) return ALL_BUT_SESSION;
  return LACKED.reduce(
    (clears, row) => (overlaps(alphabet, union([...row.characters].map(single))) ? clears : clears | row.clears),
    0,
  );
}

/** Categories for which a text is harmless in which `written` stands for every character that an expression matches. */
export function clearedByRemoval(pattern: string, written = ''): number {
  const removed = characterClassOf(pattern);
  const added = [...written].map(single);
  return removed ? clearedByAlphabet(union([complement(removed), ...added])) : 0;
}

/** A hand scan, linear in the pattern. */
function allowsAnything(pattern: string): boolean {
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '\\') {
      if ('SWDB'.includes(pattern.charAt(index + 1))) return true;
      index++;
    } else if (inClass) {
      if (character === ']') inClass = false;
      else if (DANGEROUS.has(character)) return true;
    } else if (character === '[') {
      inClass = true;
      if (pattern.charAt(index + 1) === '^') return true;
    } else if (character === '.') return true;
  }
  return false;
}

/** `^a|b$` covers neither end as a whole. */
function hasOpenAlternative(pattern: string, covered: boolean): boolean {
  if (covered) return false;
  let depth = 0;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '\\') index++;
    else if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (character === '|' && depth === 0) return true;
  }
  return false;
}

/** The characters of a pattern that is one class or one character, or alternatives of these: what a match finds one of. */
export function soughtCharacters(pattern: string): string | undefined {
  const single = /^\(?(?:\[((?:[^\]\\^]|\\.)(?:[^\]\\]|\\.){0,80})\]|(\\[^\w\s]|[^\\\s^$.|?*+()[{]))\)?[+*]?$/.exec(
    pattern,
  );
  if (single) return (single[1] ?? single[2] ?? '').replaceAll(/\\(.)/g, '$1');
  const parts = pattern.replace(/^\((?:\?:)?(.*)\)$/, '$1').split('|');
  if (parts.length < 2 || parts.length > 20) return undefined;
  const all = parts.map((part) => (part.includes('|') ? undefined : soughtCharacters(part)));
  return all.every((part) => part !== undefined) ? all.join('') : undefined;
}

/** A class of everything but letters, digits and a few signs, as it is replaced to clean a text: `[^a-zA-Z0-9_]`. */
export function removesAllButPlain(pattern: string): boolean {
  if (/^\\W\+?$/.test(pattern)) return true;
  const [, inner] = /^\[\^((?:[^\]\\]|\\.){1,80})\]\+?$/.exec(pattern) ?? [];
  return (
    inner !== undefined &&
    !/\\[SWD]/.test(inner) &&
    ![...inner.replaceAll(/\\[wds.-]/g, '')].some((c) => DANGEROUS.has(c))
  );
}

/** The characters with which everything begins that a pattern matches: those after `^` that stand for themselves. */
export function literalBeginning(pattern: string): string {
  if (!pattern.startsWith('^')) return '';
  let begins = '';
  for (let index = 1; index < pattern.length; index++) {
    const escaped = pattern.charAt(index) === '\\';
    const character = pattern.charAt(escaped ? ++index : index);
    if (escaped ? /[\w\s]/.test(character) : '.()[]{}^$*+?|'.includes(character)) return begins;
    // What may be missing or repeated is no part of the beginning.
    if ('*?{'.includes(pattern.charAt(index + 1)) && index + 1 < pattern.length) return begins;
    begins += character;
  }
  return begins;
}
