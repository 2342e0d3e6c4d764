import type { Reading } from './reading.ts';

/** One thing to look for: `symbols` ends in the state that reports `payload`. Without payload it only keeps depth. */
export interface Pattern<Payload> {
  readonly symbols: Uint8Array;
  readonly payload?: Payload;
}

/** Where a scan stands between two pieces. Changed in place: the scan is the hot loop of the broker. */
export interface Cursor {
  state: number;
  /** The byte before the next one, or -1 at the very start. */
  previous: number;
}

/**
 * Aho–Corasick as one dense table: one look-up a byte, whatever the number of patterns
 * (A. V. Aho, M. J. Corasick, "Efficient string matching", CACM 18(6), 1975).
 */
export class Automaton<Payload> {
  readonly reading: Reading;
  /** `state + symbol` → next state; states are multiples of the stride; complemented (`~`) when the state reports. */
  readonly #next: Int32Array;
  readonly #pending: Uint16Array;
  readonly #reports: ReadonlyMap<number, readonly Payload[]>;

  constructor(reading: Reading, patterns: readonly Pattern<Payload>[]) {
    const trie = growTrie(reading, patterns);
    this.#pending = closeTrie(reading, trie);
    this.reading = reading;
    this.#next = trie.next;
    this.#reports = trie.reports;
  }

  /** Reads `bytes` from `from`; returns the index after the byte that completed a pattern, or -1 at the end. */
  advance(cursor: Cursor, bytes: Uint8Array, from: number): number {
    const next = this.#next;
    const symbols = this.reading.symbols;
    let state = cursor.state;
    let previous = cursor.previous;
    for (let index = from; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      state = next[state + (symbols[previous === 0x5c ? byte + 256 : byte] ?? 0)] ?? 0;
      previous = byte;
      if (state >= 0) continue;
      cursor.state = ~state;
      cursor.previous = previous;
      return index + 1;
    }
    cursor.state = state;
    cursor.previous = previous;
    return -1;
  }

  /** What the cursor's state completes; empty when nothing. */
  reports(cursor: Cursor): readonly Payload[] {
    return this.#reports.get(cursor.state) ?? [];
  }

  /** How many of the symbols read last may be the start of a pattern that is not complete yet. */
  pending(cursor: Cursor): number {
    return this.#pending[cursor.state / this.reading.stride] ?? 0;
  }
}

interface Trie<Payload> {
  readonly next: Int32Array;
  readonly depth: number[];
  readonly reports: Map<number, readonly Payload[]>;
}

/** Level by level over all patterns, so that the states near the root, where a scan mostly is, lie close together. */
function growTrie<Payload>({ stride }: Reading, patterns: readonly Pattern<Payload>[]): Trie<Payload> {
  const room = patterns.reduce((sum, pattern) => sum + pattern.symbols.length, 1);
  const longest = patterns.reduce((most, pattern) => Math.max(most, pattern.symbols.length), 0);
  const next = new Int32Array(room * stride);
  const depth = [0];
  const reached = new Int32Array(patterns.length);
  for (let level = 0; level < longest; level++) {
    for (const [index, { symbols }] of patterns.entries()) {
      const symbol = symbols[level];
      if (symbol === undefined) continue;
      const edge = (reached[index] ?? 0) + symbol;
      const child = next[edge] || depth.length * stride;
      if (child === depth.length * stride) depth.push(level + 1);
      next[edge] = child;
      reached[index] = child;
    }
  }
  const reports = new Map<number, readonly Payload[]>();
  for (const [index, { payload }] of patterns.entries()) {
    const state = reached[index] ?? 0;
    if (payload !== undefined) reports.set(state, [...(reports.get(state) ?? []), payload]);
  }
  return { next: next.subarray(0, depth.length * stride), depth, reports };
}

/** Breadth first: every missing edge becomes the edge of the longest proper suffix that is also a prefix. */
function closeTrie<Payload>({ stride, separator }: Reading, { next, depth, reports }: Trie<Payload>): Uint16Array {
  const suffix = new Int32Array(next.length / stride);
  const pending = new Uint16Array(suffix.length);
  const queue = [0];
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] ?? 0;
    const fallback = suffix[state / stride] ?? 0;
    let isLeaf = true;
    for (let symbol = 0; symbol < stride; symbol++) {
      if (symbol === separator) continue;
      const child = next[state + symbol] ?? 0;
      const through = state === 0 ? 0 : (next[fallback + symbol] ?? 0);
      if (child === 0) {
        next[state + symbol] = through;
        continue;
      }
      isLeaf = false;
      suffix[child / stride] = through;
      const inherited = reports.get(through);
      if (inherited) reports.set(child, [...(reports.get(child) ?? []), ...inherited]);
      queue.push(child);
    }
    if (separator >= 0) next[state + separator] = state;
    pending[state / stride] = (isLeaf ? pending[fallback / stride] : depth[state / stride]) ?? 0;
  }
  const reporting = new Uint8Array(next.length);
  for (const state of reports.keys()) reporting[state] = 1;
  for (let index = 0; index < next.length; index++) {
    const target = next[index] ?? 0;
    if (reporting[target] === 1 && index % stride !== separator) next[index] = ~target;
  }
  return pending;
}
