/** A file's bytes as text, or why they are none. */
export type DecodedText =
  | { readonly text: string; readonly problem?: string }
  | { readonly text: undefined; readonly problem: string };

/** As much as git looks at to tell text from anything else. */
const SAMPLE = 8000;
/** Share of the sample that may be no text in a file that we still read as text. */
const TOLERANCE = 0.05;

/**
 * UTF-8, or UTF-16 behind its byte order mark (which stays, so that offsets are those of the file's characters).
 * A few bytes that are neither become U+FFFD and are named: whoever hides behind one bad byte is still read.
 */
export function decodeText(bytes: Buffer): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes) };
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') && !text.includes('\0')) return { text };
  const sample = text.slice(0, SAMPLE);
  const strange = sample.split(/[\ufffd\0]/).length - 1;
  if (strange > Math.max(sample.length * TOLERANCE, 4)) return { text: undefined, problem: 'it is not text' };
  if (text.includes('\0')) return { text, problem: 'it holds NUL bytes' };
  // U+FFFD written as such is text like any other.
  if (Buffer.from(text, 'utf8').equals(bytes)) return { text };
  return { text, problem: 'it holds bytes that are not UTF-8; they were read as U+FFFD' };
}
