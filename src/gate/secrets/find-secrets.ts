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

/** The keys of a text, and whether that is all of them. */
export interface SecretSearch {
  readonly sightings: readonly SecretSighting[];
  /** False: what may be encoded in it was more than is read. A decoy must not hide a key by its mass. */
  readonly whole: boolean;
}

/** Encodings of encodings: SC-4 wrapped its loot three times. */
const MOST_LAYERS = 3;
/** Characters in all readings of one piece: three times what the largest source maps come to. */
const MOST_CHARACTERS = 64 * MAX_KEY_FILE;

/**
 * Keys of known shape in a text, in every encoding that a person or program undoes in one call, nested up to three
 * times. Placeholders and documented examples are left out.
 */
export function findSecrets(text: string): SecretSearch {
  const found = new Sightings();
  let whole = true;
  // Pieces overlap by half: no key is cut in two.
  for (let from = 0; from < Math.max(1, text.length); from += MAX_KEY_FILE / 2)
    if (!search(text.slice(from, from + MAX_KEY_FILE), from, found)) whole = false;
  return { sightings: found.list, whole };
}

interface Reading {
  readonly text: string;
  readonly encoding: string;
  readonly layers: number;
}

/** The fewest layers first. False when not every reading was looked at. */
function search(piece: string, offset: number, found: Sightings): boolean {
  const queue: Reading[] = [{ text: piece, encoding: 'plain', layers: 0 }];
  const seen = new Set<string>([piece]);
  let characters = 0;
  for (const reading of queue) {
    characters += reading.text.length;
    if (characters > MOST_CHARACTERS) return false;
    found.note(reading, offset);
    if (reading.layers >= MOST_LAYERS) continue;
    for (const { name, read } of SECRET_ENCODINGS) {
      // Undoing the same twice in a row leads back, but for base64 in base64.
      if (name === reading.encoding && name !== 'base64') continue;
      for (const text of read(reading.text)) {
        if (seen.has(text) || !mayHoldMore(text)) continue;
        seen.add(text);
        const encoding = reading.layers === 0 ? name : `${reading.encoding} in ${name}`;
        queue.push({ text, encoding, layers: reading.layers + 1 });
      }
    }
  }
  return true;
}

/** Most readings of honest text are noise; a key or its next wrapping is a long run of its alphabet. */
function mayHoldMore(text: string): boolean {
  return /[A-Za-z0-9+/_\\%&#;,. -]{20}/.test(text);
}

/** Each key once for each place where it stands plainly; in disguise only where it stands nowhere plainly. */
class Sightings {
  readonly #byPlace = new Map<string, SecretSighting>();
  readonly #keys = new Set<string>();

  get list(): readonly SecretSighting[] {
    return [...this.#byPlace.values()];
  }

  note({ text, encoding }: Reading, offset: number): void {
    for (const { name, start, shown, confidence } of findLiteralKeys(text)) {
      if (confidence === 'low') continue;
      const key = `${name} ${shown}`;
      const at = encoding === 'plain' ? offset + start : undefined;
      if (at === undefined && this.#keys.has(key)) continue;
      this.#keys.add(key);
      this.#byPlace.set(`${key} ${at}`, { name, encoding, shown, start: at, confidence });
    }
  }
}
