/** Caps that are checked before anything of a bundle is parsed. */
export const BUNDLE_LIMITS = { bytes: 8 * 1024 * 1024, depth: 64 } as const;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Does a JSON text nest deeper than `most`? One pass over the bytes; what is no JSON is left to the parser. */
export function nestsDeeper(text: Buffer, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (quoted) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > most) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

/**
 * Does an object in a JSON text have a key twice, however it is spelled? Readers differ in which of the two they take,
 * so one file would say two things. One pass; the text is one that a parser took.
 */
export function repeatsKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      last = text.slice(at, end + 1);
      at = end;
    } else if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === ':' && last !== undefined) {
      const key: unknown = JSON.parse(last);
      const keys = open.at(-1);
      if (keys?.has(String(key))) return true;
      keys?.add(String(key));
    }
  }
  return false;
}

/** The closing quotation mark of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
