import { isArray, type JsonValue } from '../../system/index.ts';

/** Deeper nesting than any client sends; keeps every walk over a body within the stack. */
const MAX_DEPTH = 200;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export type StrictJson =
  | { readonly ok: true; readonly value: JsonValue }
  | {
      readonly ok: false;
      readonly reason: 'not UTF-8' | 'not JSON' | 'duplicate key' | 'ambiguous key' | 'nested too deeply';
    };

/**
 * Parses JSON that two readers cannot understand differently: UTF-8 only, and no object with a key twice
 * (RFC 8259 §4 leaves it open which of them counts, so an attacker would show us one and the model server the other).
 */
export function parseStrictJson(bytes: Uint8Array): StrictJson {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { ok: false, reason: 'not UTF-8' };
  }
  return parseStrictJsonText(text);
}

/** The same for text that was decoded already. */
export function parseStrictJsonText(text: string): StrictJson {
  const shape = scanShape(text);
  if (shape.depth > MAX_DEPTH) return { ok: false, reason: 'nested too deeply' };
  if (shape.ambiguous) return { ok: false, reason: 'ambiguous key' };
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  // Every member written has a colon outside of strings; a parsed object has lost those whose key came again.
  return countMembers(value) === shape.colons ? { ok: true, value } : { ok: false, reason: 'duplicate key' };
}

/** Colons outside of strings and the greatest depth, in one pass that skips over string content. */
function scanShape(text: string): { readonly colons: number; readonly depth: number; readonly ambiguous: boolean } {
  let ambiguous = false;
  let colons = 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      ambiguous ||= text.charCodeAt(at + 1) === BACKSLASH && isLoneEscapeAsKey(text, at, end);
      at = end;
    } else if (code === 0x3a) colons++;
    else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return { colons, depth: deepest, ambiguous };
}

/**
 * A key that is one escape and nothing else: `JSON.parse` of Node 24 sometimes reads `"\u0065"` in that place as a
 * backslash (found by this room's fuzz test). No key of any provider is one character long, so it is refused.
 */
function isLoneEscapeAsKey(text: string, open: number, close: number): boolean {
  const isLone = close - open === 3 || (close - open === 7 && text[open + 2] === 'u');
  // A gap too long to look through counts as one before a colon.
  return isLone && /^(?:[ \t\n\r]*:|[ \t\n\r]{64})/.test(text.slice(close + 1, close + 65));
}

/** Index of the quote that closes the string opened at `open`; the text's length when none does. */
function endOfString(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (isArray(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  for (const item of Object.values(value)) count += 1 + countMembers(item);
  return count;
}

/** The value when it is a string, else undefined. */
export function stringOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value when it is a non-negative whole number, else 0: what counts as usage. */
export function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
