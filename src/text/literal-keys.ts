import { crc32 } from 'node:zlib';
import { KEY_SHAPES, type KeyShape, MAX_KEY_FILE } from './key-shapes.ts';

/** A key that somebody wrote into a text. The key itself is not kept: only where it stands and how it begins. */
export interface LiteralKey {
  /** `Anthropic key`. */
  readonly name: string;
  /** Range in the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** First four characters and length: enough to recognise it, nothing to use. */
  readonly shown: string;
  /** `high` when length and check digits fit, `low` when only a loose shape does. */
  readonly confidence: 'high' | 'medium' | 'low';
}

const SEARCHES: readonly { readonly shape: KeyShape; readonly all: RegExp }[] = KEY_SHAPES.map((shape) => ({
  shape,
  all: new RegExp(shape.pattern.source, 'g'),
}));

/** Nearly no text holds a key: one look for all shapes at once says so. */
const ANY_SHAPE = new RegExp(KEY_SHAPES.map(({ pattern }) => `(?:${pattern.source})`).join('|'));

/**
 * What follows the first line of a private key, be it quoted or escaped: without it the line only says what a file looks
 * like, in a comment or in a program that reads such files.
 */
const MATERIAL = /[A-Za-z0-9+/]{24}/;
const MATERIAL_WITHIN = 300;

/**
 * Every key in a text, in order, none overlapping. Placeholders (`sk-xxx`, `your-key-here`, `${VAR}`, documented
 * example keys) are left out. Linear in the text for each shape; a text longer than `MAX_KEY_FILE` is searched up to it.
 */
export function findLiteralKeys(whole: string): readonly LiteralKey[] {
  return search(whole, (shape, key, end) => {
    if (shape.name === 'private key') return MATERIAL.test(whole.slice(end, end + MATERIAL_WITHIN)) ? 'high' : 'low';
    return isPlaceholder(key) ? undefined : confidenceOf(shape, key);
  });
}

/**
 * Texts in the full form of a vendor's key that somebody made up: `abcdef`, `123456` stand in them. None opens anything,
 * but each shows where a person puts a key. Always of low confidence; none of them is in `findLiteralKeys`.
 */
export function findInventedKeys(whole: string): readonly LiteralKey[] {
  return search(whole, (shape, key) => (shape.weak !== true && isOrdered(key) && !isStandIn(key) ? 'low' : undefined));
}

function search(
  whole: string,
  judge: (shape: KeyShape, key: string, end: number) => LiteralKey['confidence'] | undefined,
): readonly LiteralKey[] {
  const text = whole.length > MAX_KEY_FILE ? whole.slice(0, MAX_KEY_FILE) : whole;
  if (!ANY_SHAPE.test(text)) return [];
  const found = SEARCHES.flatMap(({ shape, all }) =>
    [...text.matchAll(all)].flatMap((match): readonly LiteralKey[] => {
      const [key] = match;
      const end = match.index + key.length;
      const confidence = judge(shape, key, end);
      if (confidence === undefined) return [];
      return [{ name: shape.name, start: match.index, end, shown: showKey(key), confidence }];
    }),
  );
  const kept: LiteralKey[] = [];
  for (const key of found.sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (key.start >= (kept.at(-1)?.end ?? 0)) kept.push(key);
  }
  return kept;
}

/** `sk-a… (108 characters)` */
export function showKey(key: string): string {
  return `${key.slice(0, 4)}… (${key.length} characters)`;
}

function confidenceOf(shape: KeyShape, key: string): LiteralKey['confidence'] {
  if (shape.weak === true) return 'low';
  if (shape.exact !== undefined && !shape.exact.test(key)) return 'medium';
  if (/^gh[pousr]_[A-Za-z0-9]{36}$|^npm_[A-Za-z0-9]{36}$/.test(key)) return hasCheckDigits(key) ? 'high' : 'medium';
  return 'high';
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * GitHub and npm tokens end with the CRC-32 of their random part as six base-62 digits (GitHub engineering, "Behind
 * GitHub's new authentication token formats").
 */
function hasCheckDigits(token: string): boolean {
  const random = token.slice(token.indexOf('_') + 1, -6);
  let rest = crc32(random) >>> 0;
  let digits = '';
  while (digits.length < 6) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return token.endsWith(digits);
}

/** Words that people write where a key belongs, in small letters. */
const PLACEHOLDER_WORDS = [
  ...['xxxx', 'your', 'example', 'placeholder', 'dummy', 'fake', 'changeme', 'change-me', 'change_me', 'redacted'],
  ...['replace', 'insert', 'sample', 'todo', 'notreal', 'not-real', 'not_real', 'secret-key', 'my-key', 'my_key'],
  ...['api-key-here', 'key-here', 'test-key', 'test_key', 'testkey', '....', '****'],
];

/** What fingers type when a key is made up. */
const ORDERED_RUNS = ['abcdef', '123456', '123abc', 'abc123', '0000000'];

/** Whether a text that has the shape of a key only stands for one. */
export function isPlaceholder(key: string): boolean {
  return isStandIn(key) || isOrdered(key);
}

function isStandIn(key: string): boolean {
  const small = key.toLowerCase();
  if (PLACEHOLDER_WORDS.some((word) => small.includes(word))) return true;
  if (/\$\{|\$\(|\{\{|<[a-z]/i.test(key)) return true;
  return key.length >= 20 && bitsPerCharacter(key) < 2.6;
}

function isOrdered(key: string): boolean {
  const small = key.toLowerCase();
  return ORDERED_RUNS.some((run) => small.includes(run));
}

/** Shannon entropy of the characters; a weak hint, used only to tell what is obviously no key. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
