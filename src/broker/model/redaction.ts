import { hash } from 'node:crypto';
import { isArray, type JsonValue } from '../../system/index.ts';
import type { SecretSentinel } from '../../text/index.ts';

export interface Redacted {
  readonly value: JsonValue;
  /** Names of the secrets found, one entry a hit. Empty: `value` is what was given, the same object. */
  readonly hits: readonly string[];
}

/** Replaces known secrets in every string of a JSON value, keys included, so that the result is valid JSON again. */
export function redactJson(value: JsonValue, sentinel: SecretSentinel): Redacted {
  const hits: string[] = [];
  const redactString = (text: string): string => {
    const found = sentinel.redact(Buffer.from(text, 'utf8'));
    if (found.hits.length === 0) return text;
    for (const hit of found.hits) hits.push(hit.name);
    return found.bytes.toString('utf8');
  };
  const redactBytes = (list: readonly number[]): JsonValue => {
    const text = list.join(',');
    const redacted = redactString(text);
    return redacted === text ? list : redacted;
  };
  const walk = (node: JsonValue): JsonValue => {
    if (typeof node === 'string') return redactString(node);
    if (typeof node !== 'object' || node === null) return node;
    if (isArray(node)) return isByteList(node) ? redactBytes(node) : node.map(walk);
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [redactString(key), walk(item)]));
  };
  const redacted = walk(value);
  return hits.length === 0 ? { value, hits } : { value: redacted, hits };
}

/** Strings up to this length are scanned each time; remembering them would cost more than scanning. */
const SHORT = 256;
const REMEMBERED = 200_000;
/** Characters of one request that are kept for the next. */
const KEPT = 8 << 20;

/**
 * Remembers long strings that were scanned and found clean, by SHA-256. A client sends its whole history with every
 * request; without this the cost of a run would grow with the square of its length.
 */
export class CleanStrings {
  readonly #digests = new Set<string>();
  /** Those of the last clean request, in order: a comparison with what is likely there again costs less than a digest. */
  #last: readonly string[] = [];

  /** Splits the strings of a value into those never seen (long ones) or always scanned (short ones), and the rest. */
  fresh(value: JsonValue): { readonly texts: readonly string[]; readonly remember: () => void } {
    const texts: string[] = [];
    const digests: string[] = [];
    const long: string[] = [];
    const visit = (text: string): void => {
      if (text.length > SHORT) {
        const isAsBefore = this.#last[long.length] === text;
        long.push(text);
        if (isAsBefore) return;
        const digest = hash('sha256', text, 'base64');
        if (this.#digests.has(digest)) return;
        digests.push(digest);
      }
      texts.push(text);
    };
    visitStrings(value, visit);
    return { texts, remember: () => this.#remember(digests, long) };
  }

  #remember(digests: readonly string[], long: readonly string[]): void {
    this.#last = long.reduce((total, { length }) => total + length, 0) <= KEPT ? long : [];
    if (this.#digests.size + digests.length > REMEMBERED) this.#digests.clear();
    for (const digest of digests) this.#digests.add(digest);
  }
}

/** A list of numbers can spell a secret just as a string can. */
function isByteList(list: readonly JsonValue[]): list is readonly number[] {
  return list.length >= 8 && list.every((item) => typeof item === 'number');
}

function visitStrings(node: JsonValue, visit: (text: string) => void): void {
  if (typeof node === 'string') visit(node);
  else if (isArray(node)) {
    if (isByteList(node)) visit(node.join(','));
    else for (const item of node) visitStrings(item, visit);
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, item] of Object.entries(node)) {
      if (key.length > 8) visit(key);
      visitStrings(item, visit);
    }
  }
}
