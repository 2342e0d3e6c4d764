import { isAscii } from 'node:buffer';

/** A text as symbols that an alphabet of its own may stand for, and where each of them came from. */
export interface SymbolView {
  readonly symbols: Uint8Array | Uint16Array;
  /** Offset in the original of a symbol, and of the end. */
  readonly offsetOf: (index: number) => number;
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const ZERO = 0x30;
const NINE = 0x39;
/** What may stand between two numbers of a list: `) + chr(`. */
const LONGEST_GAP = 12;
const MOST_DIGITS = 5;
/** The shortest secret that is told by its repeats is about as long as this. */
const PIECE = 64;

/**
 * The readings of a text in which a character is one symbol: the bytes of its runs without blanks, its characters where
 * they are more than bytes, and its lists of numbers. Line breaks count in none of them.
 * @param shortest symbols that one must have to be of interest
 */
export function* symbolViews(bytes: Buffer, shortest: number): Generator<SymbolView> {
  if (bytes.length < shortest) return;
  for (const { start, end } of unbrokenRuns(bytes, shortest)) yield bytesOf(bytes, start, end);
  for (const { start, end } of foreignStretches(bytes)) {
    const { symbols, offsetOf } = charactersOf(bytes.subarray(start, end));
    yield { symbols, offsetOf: (index) => start + offsetOf(index) };
  }
  yield* numbersOf(bytes, shortest);
}

/**
 * Runs without a blank, which no alphabet of letters has. Looks at one byte of so many, and at those before it only
 * while they may belong to a run: most bytes of a text are never touched.
 */
function* unbrokenRuns(bytes: Buffer, shortest: number): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0;
  for (let probe = shortest - 1; probe < bytes.length; probe = start + shortest - 1) {
    let at = probe;
    while (at >= start && !isBlank(bytes[at])) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = probe + 1;
    while (end < bytes.length && !isBlank(bytes[end])) end++;
    yield { start, end };
    start = end;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function bytesOf(bytes: Buffer, start: number, end: number): SymbolView {
  const run = bytes.subarray(start, end);
  if (!run.includes(LINE_FEED) && !run.includes(RETURN)) return { symbols: run, offsetOf: (index) => start + index };
  const symbols = new Uint8Array(run.length);
  let length = 0;
  for (const byte of run) if (byte !== LINE_FEED && byte !== RETURN) symbols[length++] = byte;
  return {
    symbols: symbols.subarray(0, length),
    // Asked only for a hit: then walking once more is cheaper than remembering every place.
    offsetOf: (index) => {
      let at = start;
      for (let left = index; at < end; at++) {
        if (bytes[at] === LINE_FEED || bytes[at] === RETURN) continue;
        if (left-- === 0) break;
      }
      return at;
    },
  };
}

/** Neighbouring pieces of which each has characters beyond ASCII, with those on both sides. */
function* foreignStretches(bytes: Buffer): Generator<{ readonly start: number; readonly end: number }> {
  if (isAscii(bytes)) return;
  let start = -1;
  for (let at = 0; at < bytes.length; at += PIECE) {
    const isPlain = isAscii(bytes.subarray(at, at + PIECE));
    if (!isPlain && start < 0) start = Math.max(0, at - PIECE);
    if (isPlain && start >= 0) {
      yield { start, end: at + PIECE };
      start = -1;
    }
  }
  if (start >= 0) yield { start, end: bytes.length };
}

/** UTF-16 without the first halves of pairs, which are the same for a whole alphabet. */
function charactersOf(bytes: Buffer): SymbolView {
  const text = bytes.toString('utf8');
  const symbols = new Uint16Array(text.length);
  const places = new Uint32Array(text.length + 1);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if ((unit >= 0xd800 && unit < 0xdc00) || unit === LINE_FEED || unit === RETURN) continue;
    places[length] = index;
    symbols[length++] = unit;
  }
  places[length] = text.length;
  return {
    symbols: symbols.subarray(0, length),
    offsetOf: (index) => Math.min(bytes.length, Buffer.byteLength(text.slice(0, places[index]))),
  };
}

function* numbersOf(bytes: Buffer, shortest: number): Generator<SymbolView> {
  let values: number[] = [];
  let places: number[] = [];
  let end = 0;
  const view = (): SymbolView => {
    const from = [...places, end];
    return { symbols: Uint16Array.from(values), offsetOf: (index) => from[index] ?? end };
  };
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) {
      at++;
      continue;
    }
    const start = at;
    let value = 0;
    for (; at < bytes.length && isDigit(bytes[at]); at++) value = value * 10 + (bytes[at] ?? 0) - ZERO;
    if (values.length > 0 && (start - end > LONGEST_GAP || at - start > MOST_DIGITS)) {
      if (values.length >= shortest) yield view();
      values = [];
      places = [];
    }
    end = at;
    if (at - start > MOST_DIGITS) continue;
    values.push(value & 0xffff);
    places.push(start);
  }
  if (values.length >= shortest) yield view();
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
