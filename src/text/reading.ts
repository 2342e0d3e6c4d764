/**
 * How bytes are read before they are compared: each byte is a symbol, or a separator that is ignored. The scan and the
 * patterns use the same reading, so that line breaks in base64, colons in hex, or blanks between the letters of a
 * secret make no difference.
 */
export interface Reading {
  /** Number of symbols, the separator included. */
  readonly stride: number;
  /** Symbol by byte; the second half of the table is for a byte that follows a backslash. */
  readonly symbols: Uint8Array;
  /** The symbol that stands for "ignored", or -1 when every byte counts. */
  readonly separator: number;
}

const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const A = 0x61;
const Z = 0x7a;

/**
 * Letters (case folded) and digits count, all else is a separator. `n`, `r` and `t` after a backslash are separators
 * too: that is how a line break looks in base64 that was put into JSON.
 */
export const FOLDED: Reading = { stride: 37, symbols: foldedSymbols(), separator: 0 };

/** Every byte counts: for secrets with too few letters and digits to be recognised by them. */
export const EXACT: Reading = { stride: 256, symbols: exactSymbols(), separator: -1 };

/** The symbol of `bytes[index]`; `before` is the byte that preceded `bytes[0]`, or -1. */
export function symbolAt(reading: Reading, bytes: Uint8Array, index: number, before: number): number {
  const previous = index > 0 ? bytes[index - 1] : before;
  const escaped = previous === BACKSLASH ? 256 : 0;
  return reading.symbols[(bytes[index] ?? 0) + escaped] ?? 0;
}

/** The symbols of a pattern's text, with the position of each symbol's character in the text. */
export function readSymbols(reading: Reading, text: string): { symbols: Uint8Array; positions: readonly number[] } {
  const bytes = Buffer.from(text, 'latin1');
  const symbols: number[] = [];
  const positions: number[] = [];
  for (let index = 0; index < bytes.length; index++) {
    const symbol = symbolAt(reading, bytes, index, -1);
    if (symbol === reading.separator) continue;
    symbols.push(symbol);
    positions.push(index);
  }
  return { symbols: Uint8Array.from(symbols), positions };
}

function foldedSymbols(): Uint8Array {
  const table = new Uint8Array(512);
  for (let byte = 0; byte < 256; byte++) {
    const letter = byte | 0x20;
    if (byte >= ZERO && byte <= NINE) table[byte] = byte - ZERO + 1;
    else if (letter >= A && letter <= Z && byte < 0x80) table[byte] = letter - A + 11;
  }
  table.copyWithin(256, 0, 256);
  for (const character of 'nrt') table[256 + character.charCodeAt(0)] = 0;
  return table;
}

function exactSymbols(): Uint8Array {
  return Uint8Array.from({ length: 512 }, (_, byte) => byte & 0xff);
}
