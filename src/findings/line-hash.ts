/** Characters that go into the hash of one line. */
const BLOCK = 100;
const FACTOR = 37;
const WORD = 2 ** 32;
const LINE_FEED = 0x0a;
/** Stands for the end of the file. */
const END = 0xffff;

/**
 * For each line of a text, in order, the value that GitHub's code scanning knows as `primaryLocationLineHash`: a
 * polynomial hash (base 37, modulo 2^64) over the next 100 UTF-16 units from the start of the line, blanks and tabs
 * left out, every line break as one line feed; then a colon and how often this hash has come so far.
 *
 * @see https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function hashLines(text: string): readonly string[] {
  const { units, starts } = squeeze(text);
  const counts = new Map<string, number>();
  return starts.map((start) => {
    const hash = hashBlock(units, start);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  });
}

interface Squeezed {
  readonly units: Uint16Array;
  /** Where each line starts in `units`. */
  readonly starts: readonly number[];
}

function squeeze(text: string): Squeezed {
  const bare = `${text.replace(/\r\n?/g, '\n').replace(/[ \t]+/g, '')}${String.fromCharCode(END)}`;
  const units = new Uint16Array(bare.length);
  const starts = [0];
  for (let index = 0; index < bare.length; index++) {
    units[index] = bare.charCodeAt(index);
    if (units[index] === LINE_FEED) starts.push(index + 1);
  }
  return { units, starts };
}

/** In two halves of 32 bits, each exact in a double; behind the end stand zeros. */
function hashBlock(units: Uint16Array, start: number): string {
  let high = 0;
  let low = 0;
  for (let index = start; index < start + BLOCK; index++) {
    const next = low * FACTOR + (units[index] ?? 0);
    high = (high * FACTOR + Math.floor(next / WORD)) >>> 0;
    low = next >>> 0;
  }
  return high === 0 ? low.toString(16) : `${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
}
