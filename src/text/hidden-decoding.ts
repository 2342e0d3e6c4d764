import { classifyHidden } from './hidden-class.ts';

/**
 * What a run of hidden characters says to a program that reads code points. Undefined where no known channel yields
 * readable text: then there is nothing to show but the code points.
 */
export function decodeHidden(characters: readonly string[]): string | undefined {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  return decodeTags(codes) ?? decodeSelectors(codes) ?? decodePrivate(codes) ?? decodeSymbols(codes);
}

/** U+E0020–E007E are ASCII, moved. */
function decodeTags(codes: readonly number[]): string | undefined {
  const tags = codes.filter((code) => code >= 0xe0020 && code <= 0xe007e);
  return tags.length === 0 ? undefined : tags.map((code) => String.fromCharCode(code - 0xe0000)).join('');
}

/** One selector a byte (256 selectors, as the published encoders count them), or two of the first sixteen a byte. */
function decodeSelectors(codes: readonly number[]): string | undefined {
  const bytes = codes.flatMap((code) => selectorByte(code) ?? []);
  if (bytes.length < 2) return undefined;
  const whole = readBytes(bytes);
  if (whole !== undefined || bytes.some((byte) => byte > 15)) return whole;
  const halves: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) halves.push(((bytes[at] ?? 0) << 4) | (bytes[at + 1] ?? 0));
  return readBytes(halves);
}

function selectorByte(code: number): number | undefined {
  if (code >= 0xfe00 && code <= 0xfe0f) return code - 0xfe00;
  return code >= 0xe0100 && code <= 0xe01ef ? code - 0xe0100 + 16 : undefined;
}

/** ASCII moved into a private plane. */
function decodePrivate(codes: readonly number[]): string | undefined {
  const moved = codes.filter((code) => classifyHidden(code) === 'private-use');
  if (moved.length < 4) return undefined;
  return readBytes(moved.map((code) => code & 0xff));
}

const MOST_SYMBOLS = 16;
/** A run this long that says nothing is noise; whoever reads it needs no more of it either. */
const MOST_BITS = 1 << 17;

/**
 * Any other hidden characters as digits: two of them as bits, one more as a pause between characters, or four as
 * pairs of bits. Which one is 0 is not known, so each order that yields readable text counts.
 */
function decodeSymbols(codes: readonly number[]): string | undefined {
  const digits = codes.slice(0, MOST_BITS).filter((code) => classifyHidden(code) !== 'control');
  const alphabet = [...new Set(digits)].sort((left, right) => left - right);
  if (alphabet.length < 2 || alphabet.length > MOST_SYMBOLS) return undefined;
  if (alphabet.length === 4) {
    const pairs = digits.map((code) => alphabet.indexOf(code).toString(2).padStart(2, '0')).join('');
    const text = readBits(pairs, 8) ?? readBits(pairs, 16);
    if (text !== undefined) return text;
  }
  return alphabet.length === 2
    ? decodeBits(digits, alphabet)
    : alphabet.length === 3
      ? decodePaused(digits, alphabet)
      : undefined;
}

function decodeBits(digits: readonly number[], [low]: readonly number[]): string | undefined {
  const bits = digits.map((code) => (code === low ? '0' : '1')).join('');
  for (const candidate of [bits, invert(bits)]) {
    for (const width of [8, 7, 16]) {
      const text = readBits(candidate, width);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

function invert(bits: string): string {
  return bits.replace(/[01]/g, (bit) => (bit === '0' ? '1' : '0'));
}

/** Each of the three may be the pause. */
function decodePaused(digits: readonly number[], alphabet: readonly number[]): string | undefined {
  for (const pause of alphabet) {
    const low = alphabet.find((code) => code !== pause);
    const groups = digits
      .map((code) => (code === pause ? ' ' : code === low ? '0' : '1'))
      .join('')
      .trim()
      .split(/ +/);
    for (const candidate of [groups, groups.map(invert)]) {
      const text = readUnits(candidate.map((group) => Number.parseInt(group, 2)));
      if (text !== undefined) return text;
      const joined = readBits(candidate.join(''), 8);
      if (joined !== undefined) return joined;
    }
  }
  return undefined;
}

function readBits(bits: string, width: number): string | undefined {
  const units: number[] = [];
  for (let at = 0; at + width <= bits.length; at += width) units.push(Number.parseInt(bits.slice(at, at + width), 2));
  return width === 8 ? readBytes(units) : readUnits(units);
}

function readUnits(units: readonly number[]): string | undefined {
  if (units.length < 2 || units.some((unit) => !(unit <= 0xffff))) return undefined;
  return readable(units.map((unit) => String.fromCharCode(unit)).join(''));
}

function readBytes(bytes: readonly number[]): string | undefined {
  if (bytes.length < 2) return undefined;
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return text.includes('\ufffd') ? undefined : readable(text);
}

/** Text of a person: nothing but letters, digits, marks and punctuation, most of it in one alphabet. */
function readable(text: string): string | undefined {
  const trimmed = text.replace(/^\0+|\0+$/g, '');
  if (trimmed.length < 2 || /[^\p{L}\p{N}\p{M}\p{P}\p{S}\p{Zs}\n\r\t]/u.test(trimmed)) return undefined;
  const common = trimmed.match(/[\x20-\x7e\n\t]/g)?.length ?? 0;
  return common * 2 >= trimmed.length ? trimmed : undefined;
}
