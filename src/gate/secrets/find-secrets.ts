import { findLiteralKeys, MAX_KEY_FILE } from '../../text/index.ts';
import { SECRET_ENCODINGS } from './encodings.ts';

/** A key that stands in a text, plain or written in a way that hides it. The key itself is not kept. */
export interface SecretSighting {
  /** `GitHub token`. */
  readonly name: string;
  /** `plain`, `base64`, `base64 in reversed`. */
  readonly encoding: string;
  /** First four characters and length. */
  readonly shown: string;
  /** Offset in the text where it is plain; undefined where it is encoded. */
  readonly start: number | undefined;
  readonly confidence: 'high' | 'medium';
}

/** Encodings of encodings: SC-4 wrapped its loot three times. */
const MOST_LAYERS = 3;
/** Readings of one text: each layer multiplies them. */
const MOST_READINGS = 2000;
/** A reading that is searched on; more than any key needs. */
const LONGEST_READING = 64 * 1024;

/**
 * Keys of known shape in a text, in every encoding that a person or program undoes in one call, nested up to three
 * times. Placeholders and documented examples are left out.
 */
export function findSecrets(text: string): readonly SecretSighting[] {
  const found = new Map<string, SecretSighting>();
  for (let from = 0; from < Math.max(1, text.length); from += MAX_KEY_FILE / 2)
    search(text.slice(from, from + MAX_KEY_FILE), from, found);
  return [...found.values()];
}

interface Reading {
  readonly text: string;
  readonly encoding: string;
  readonly layers: number;
}

function search(piece: string, offset: number, found: Map<string, SecretSighting>): void {
  const queue: Reading[] = [{ text: piece, encoding: 'plain', layers: 0 }];
  const seen = new Set<string>([piece]);
  for (let at = 0; at < queue.length && at < MOST_READINGS; at += 1) {
    const reading = queue[at];
    if (reading === undefined) return;
    note(reading, offset, found);
    if (reading.layers >= MOST_LAYERS) continue;
    for (const { name, read } of SECRET_ENCODINGS) {
      // Undoing the same twice in a row leads back, but for base64 in base64.
      if (name === reading.encoding && name !== 'base64') continue;
      for (const text of read(reading.text)) {
        if (text.length > LONGEST_READING && reading.layers > 0) continue;
        if (seen.has(text) || !mayHoldMore(text)) continue;
        seen.add(text);
        const encoding = reading.layers === 0 ? name : `${reading.encoding} in ${name}`;
        queue.push({ text, encoding, layers: reading.layers + 1 });
      }
    }
  }
}

/** Most readings of honest text are noise; a key or its next wrapping is a long run of its alphabet. */
function mayHoldMore(text: string): boolean {
  return /[A-Za-z0-9+/_\\%&#;,. -]{20}/.test(text);
}

function note({ text, encoding }: Reading, offset: number, found: Map<string, SecretSighting>): void {
  for (const { name, start, shown, confidence } of findLiteralKeys(text)) {
    if (confidence === 'low') continue;
    const at = encoding === 'plain' ? offset + start : undefined;
    const key = at === undefined ? `${name} ${shown}` : `${name} ${shown} ${at}`;
    const known = [...found.values()].some((one) => one.name === name && one.shown === shown);
    if (found.has(key) || (at === undefined && known)) continue;
    found.set(key, { name, encoding, shown, start: at, confidence });
  }
}
