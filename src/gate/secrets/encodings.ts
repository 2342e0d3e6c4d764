/** A way to write a text so that a search for it finds nothing, and the way back. */
export interface SecretEncoding {
  readonly name: string;
  /** Every reading of `text` under this encoding that could hold something. Linear in the text. */
  read(text: string): readonly string[];
}

/** Shorter stretches hold no key. */
const LEAST_SYMBOLS = 20;
/** Alignments at which a base64 text may start inside a longer run. */
const ALIGNMENTS = [0, 1, 2, 3] as const;

/** Rows: what incidents show (i18 integers in a tuple, SC-4 nested base64), and what any interpreter undoes in one call. */
export const SECRET_ENCODINGS: readonly SecretEncoding[] = [
  {
    name: 'split literals',
    read: (text) => changed(text, text.replace(/["'`][ \t\r\n]{0,40}(?:\+|\.|,)?[ \t\r\n]{0,40}["'`]/g, '')),
  },
  { name: 'reversed', read: (text) => [[...text].reverse().join('')] },
  { name: 'rot13', read: (text) => [text.replace(/[a-zA-Z]/g, rot13)] },
  { name: 'base64', read: readBase64 },
  { name: 'base32', read: (text) => runsOf(text, /[A-Z2-7]{32,}/g).map(fromBase32) },
  { name: 'hex', read: (text) => runsOf(text, /(?:(?:0x|\\x|%)?[0-9a-fA-F]{2}[\s,:;]{0,3}){20,}/g).map(fromHex) },
  {
    name: 'list of numbers',
    read: (text) => runsOf(text, /(?:\b\d{2,3}[\s,;]{1,3}){19,}\d{2,3}\b/g).map(fromNumbers(10)),
  },
  { name: 'octal escapes', read: (text) => runsOf(text, /(?:\\[0-7]{3}){20,}/g).map(fromNumbers(8)) },
  {
    name: 'unicode escapes',
    read: (text) => changed(text, text.replace(/\\u(?:00([0-9a-fA-F]{2})|\{([0-9a-fA-F]{2})\})/g, fromCode)),
  },
  {
    name: 'character references',
    read: (text) => changed(text, text.replace(/&#(?:x([0-9a-fA-F]{2})|(\d{2,3}));/g, fromReference)),
  },
  { name: 'url', read: (text) => changed(text, text.replace(/%([2-7][0-9a-fA-F])/g, fromCode)) },
];

function changed(before: string, after: string): readonly string[] {
  return before === after ? [] : [after];
}

function runsOf(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([run]) => run);
}

/** Both alphabets, at each alignment; lines that were broken are joined first. */
function readBase64(text: string): readonly string[] {
  const joined = text.replace(
    /(?<=[A-Za-z0-9+/_-]{16})["'`]?[ \t]{0,40}\r?\n[ \t]{0,40}["'`]?(?=[A-Za-z0-9+/_-])/g,
    '',
  );
  const texts = joined === text ? [text] : [text, joined];
  return texts.flatMap((one) =>
    runsOf(one, /[A-Za-z0-9+/_-]{20,}/g).flatMap((run) =>
      ALIGNMENTS.map((from) => printable(Buffer.from(run.slice(from), 'base64'))).filter(
        (decoded) => decoded.length >= LEAST_SYMBOLS,
      ),
    ),
  );
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(run: string): string {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const symbol of run) {
    value = ((value << 5) | BASE32.indexOf(symbol)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return printable(Buffer.from(bytes));
}

function fromHex(run: string): string {
  return printable(Buffer.from(run.replace(/0x|[^0-9a-fA-F]/g, ''), 'hex'));
}

function fromNumbers(radix: 8 | 10): (run: string) => string {
  return (run) => {
    const numbers = run.match(/\d+/g)?.map((digits) => Number.parseInt(digits, radix)) ?? [];
    return printable(Buffer.from(numbers.filter((number) => number < 256)));
  };
}

function fromCode(_: string, first: string | undefined, second?: string): string {
  const digits = typeof first === 'string' ? first : (second ?? '');
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function fromReference(_: string, hexadecimal: string | undefined, decimal: string | undefined): string {
  return String.fromCharCode(hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal));
}

/** What is no text becomes a blank: keys are text, and a shape must not reach over anything else. */
function printable(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^\x20-\x7e\n]/g, ' ');
}

function rot13(letter: string): string {
  const code = letter.charCodeAt(0);
  const shift = (code & 0x1f) > 13 ? -13 : 13;
  return String.fromCharCode(code + shift);
}
