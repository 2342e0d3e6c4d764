/**
 * JSON in one form only (RFC 8785, JCS): the bytes of a record are its leaf in the tree, so that two readers must never
 * see two meanings in them.
 */
import { isUtf8 } from 'node:buffer';
import { isArray, type JsonObject, type JsonValue } from '../system/index.ts';

/** Deeper values are refused: no reader may be made to overflow its stack. */
export const MAX_DEPTH = 64;

/** A value that has no canonical form, or a text that is not in it. The message says why, never the content. */
export class CanonicalError extends Error {
  override readonly name = 'CanonicalError';
}

/**
 * The canonical text of a value (RFC 8785 §3.2): keys sorted by UTF-16 code units, no white space, numbers and strings
 * as ECMAScript writes them.
 *
 * @throws CanonicalError for lone surrogates, numbers that are not finite, integers beyond ±(2^53 − 1) (RFC 7493 §2.2)
 *   and nesting beyond {@link MAX_DEPTH}.
 */
export function canonicalize(value: JsonValue): string {
  return isPlain(value, 0) ? JSON.stringify(value) : write(value, 0);
}

/**
 * Whether the runtime's own serialiser gives the canonical text of this value: it does when every object has its keys in
 * order and nothing in it has no canonical form. Nearly every record is so, and half the time is saved.
 */
function isPlain(value: JsonValue, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return isCarriable(value);
  if (value === null || typeof value !== 'object') return true;
  if (depth >= MAX_DEPTH) return false;
  if (isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  let previous = '';
  for (const key of Object.keys(value)) {
    if (key < previous || !key.isWellFormed() || !isPlain(value[key] ?? null, depth + 1)) return false;
    previous = key;
  }
  return true;
}

function write(value: JsonValue, depth: number): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || typeof value !== 'object') return value === null ? 'null' : String(value);
  if (depth >= MAX_DEPTH) throw new CanonicalError(`nested deeper than ${MAX_DEPTH} levels`);
  return isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
}

/** A canonical string literal. @throws CanonicalError for a lone surrogate. */
export function quote(text: string): string {
  if (!text.isWellFormed()) throw new CanonicalError('a string holds a lone surrogate');
  return JSON.stringify(text);
}

/**
 * Read a line that must be one JSON object in canonical form. Whatever a lenient parser would let pass (a repeated key,
 * another order, white space, trailing bytes, `1.0`, `-0`, a needless escape) does not come back byte for byte from
 * {@link canonicalize}, and is refused.
 *
 * @throws CanonicalError saying what is wrong.
 */
export function parseCanonical(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CanonicalError('is not JSON', { cause });
  }
  if (value === null || typeof value !== 'object' || isArray(value)) throw new CanonicalError('is not a JSON object');
  if (canonicalize(value) !== text) throw new CanonicalError('is not in canonical form');
  return value;
}

/** {@link parseCanonical} on bytes. @throws CanonicalError, also when they are not UTF-8. */
export function readCanonical(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new CanonicalError('is not UTF-8');
  return parseCanonical(bytes.toString());
}

/**
 * The nearest value that has a canonical form: lone surrogates become U+FFFD, a number that I-JSON cannot carry becomes
 * its text, what is nested too deep becomes a remark. The agent chooses such values; a record must still be made.
 */
export function toCarriable(value: JsonValue, depth = 0): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return isCarriable(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH - 1) return `(nested deeper than ${MAX_DEPTH} levels)`;
  if (isArray(value)) return value.map((item) => toCarriable(item, depth + 1));
  const entries = new Map<string, JsonValue>();
  for (const key of Object.keys(value)) {
    let name = key.toWellFormed();
    // Two keys that differ only in a broken surrogate must not become one.
    while (entries.has(name)) name += '\ufffd';
    entries.set(name, toCarriable(value[key] ?? null, depth + 1));
  }
  return Object.fromEntries(entries);
}

function writeNumber(value: number): string {
  if (!isCarriable(value)) throw new CanonicalError('a number is not finite or not a safe integer');
  return String(value === 0 ? 0 : value);
}

function isCarriable(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function writeArray(items: readonly JsonValue[], depth: number): string {
  let text = '[';
  for (let index = 0; index < items.length; index++) {
    if (index > 0) text += ',';
    text += write(items[index] ?? null, depth);
  }
  return `${text}]`;
}

function writeObject(object: JsonObject, depth: number): string {
  let text = '{';
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${quote(key)}:${write(value, depth)}`;
  }
  return `${text}}`;
}
