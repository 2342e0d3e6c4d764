import { hash } from 'node:crypto';

/** Shorter lines (`}`, `return 0;`) stand in every file and say nothing about where a text came from. */
const LEAST_CHARACTERS = 16;

/** Line numbers that agents put before what they read: `   12→`, `12\t`, `12:`, `12|`. */
const LINE_NUMBER = /^\s*\d{1,7}(?:→|\t|:|\s*\|)\s?/;

/** A workspace file of which something left. */
export interface Disclosure {
  readonly path: string;
  /** Lines of the file that were seen leaving. */
  readonly lines: number;
  /** Of the file's lines that are long enough to tell; 0 to 1. */
  readonly fraction: number;
}

/** Fingerprint of every telling line of a text, in order: the first eight bytes of the line's SHA-256. */
export function* fingerprintLines(text: string): Generator<bigint> {
  for (const line of text.split(/\r\n|\n|\r/)) {
    const bare = line.replace(LINE_NUMBER, '').trim();
    if (bare.length >= LEAST_CHARACTERS) yield hash('sha256', bare, 'buffer').readBigUInt64BE();
  }
}

/**
 * Which files' content left for each of the destinations, most disclosed first: compares the fingerprints of each with
 * the lines of the files, one file at a time. A match says that this line was sent, not that it was read from this file:
 * equal lines look equal.
 */
export function matchDisclosures(
  destinations: readonly Iterable<bigint>[],
  files: Iterable<{ readonly path: string; readonly text: string }>,
): readonly (readonly Disclosure[])[] {
  const found = destinations.map((fingerprints) => {
    const disclosures: Disclosure[] = [];
    return { left: new Set(fingerprints), disclosures };
  });
  for (const { path, text } of files) {
    const lines = [...fingerprintLines(text)];
    for (const { left, disclosures } of found) {
      const seen = lines.filter((line) => left.has(line)).length;
      if (seen > 0) disclosures.push({ path, lines: seen, fraction: seen / lines.length });
    }
  }
  return found.map(({ disclosures }) => disclosures.sort((a, b) => b.lines - a.lines || (a.path < b.path ? -1 : 1)));
}
