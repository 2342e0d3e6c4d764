import { listShapes } from './encoded-form.ts';
import type { KnownSecret, SecretHit } from './secret.ts';

/**
 * Finds known secrets whose characters were exchanged one for one, whatever the key. Such a text keeps its repeats: a
 * character stands as far from its last occurrence as the one that it stands for. Of a secret that is long enough they
 * tell more than enough.
 */
export interface SubstitutionScan {
  /** Symbols of the shortest stretch that can be found; nothing shorter need be looked at. */
  readonly shortest: number;
  /** Offsets of the hits count symbols. */
  find(symbols: Uint8Array | Uint16Array): readonly SecretHit[];
}

/** A stretch of a form as its repeats. */
interface Shape {
  readonly name: string;
  readonly encoding: string;
  /** For each symbol how far back the same one stands; 0 where there is none in the stretch. */
  readonly back: Uint16Array;
  /** The symbol that is looked for: the one whose last occurrence is farthest. */
  readonly anchor: number;
}

/** The shapes whose anchor's last occurrence is equally far. Nine of ten do not fit, and that shows at the second look. */
interface Candidates {
  readonly shapes: readonly Shape[];
  /** Where each shape's second farthest symbol is, counted from the anchor, and how far back its last occurrence. */
  readonly steps: Int16Array;
  readonly distances: Uint16Array;
}

/** Bits that the repeats must tell, so that even a large body does not agree by chance. */
const ENOUGH_BITS = 40;
/** With fewer different symbols rows and rules (`=-=-=-`) would look like a secret. */
const LEAST_SYMBOLS = 10;
const LONGEST_SHAPE = 160;
/** Of each form: whoever sends a part of a secret in an alphabet of its own sends the beginning too. */
const MOST_STRETCHES = 2;
/** Symbols a text is made of, about: how surprising it is that one of them is new. */
const TEXT_SYMBOLS = 96;
const FAR = 0xffff;
const BLOCK = 1 << 16;

export function createSubstitutionScan(secrets: readonly KnownSecret[]): SubstitutionScan {
  const all = secrets.flatMap(shapesOf);
  const byDistance = Map.groupBy(all, ({ back, anchor }) => back[anchor] ?? 0);
  const table = Array.from({ length: LONGEST_SHAPE + 1 }, (_, distance) =>
    candidatesOf(byDistance.get(distance) ?? []),
  );
  const repeats = new Repeats();
  const shortest = Math.min(...all.map(({ back }) => back.length));
  return { shortest, find: (symbols) => (symbols.length < shortest ? [] : scan(table, symbols, repeats)) };
}

function shapesOf({ name, value }: KnownSecret): readonly Shape[] {
  return listShapes(Buffer.from(value)).flatMap(({ encoding, text }) =>
    telling(Buffer.from(text, 'latin1'))
      .slice(0, MOST_STRETCHES)
      .map((back) => ({ name, encoding: `${encoding} in another alphabet`, back, anchor: farthest(back)[0] })),
  );
}

/** The two symbols whose last occurrence is farthest. */
function farthest(back: Uint16Array): readonly [number, number] {
  const [first = 0, second = 0] = [...back.keys()].sort((a, b) => (back[b] ?? 0) - (back[a] ?? 0));
  return [first, second];
}

function candidatesOf(shapes: readonly Shape[] | undefined): Candidates | undefined {
  return (
    shapes && {
      shapes,
      steps: Int16Array.from(shapes, ({ back, anchor }) => farthest(back)[1] - anchor),
      distances: Uint16Array.from(shapes, ({ back }) => back[farthest(back)[1]] ?? 0),
    }
  );
}

/** The shortest stretches of a form, end to end, that tell enough; the last one reaches back as far as it must. */
function telling(text: Buffer): readonly Uint16Array[] {
  const found: Uint16Array[] = [];
  let start = 0;
  for (let end = 1; end <= text.length; end++) {
    if (!tells(text.subarray(start, end))) continue;
    found.push(repeatsOf(text.subarray(start, end)));
    start = end;
  }
  if (found.length === 0 || start === text.length) return found;
  for (let from = start; from >= 0; from--) {
    if (tells(text.subarray(from))) return [...found, repeatsOf(text.subarray(from))];
  }
  return found;
}

/** A run that is a copy of one before it tells as much as its first symbol: `REALrealREALreal` is as regular as prose. */
function tells(text: Buffer): boolean {
  if (text.length > LONGEST_SHAPE) return false;
  let distinct = 0;
  let bits = 0;
  let before = 0;
  for (const distance of repeatsOf(text)) {
    if (distance === 0) bits -= Math.log2(1 - distinct++ / TEXT_SYMBOLS);
    else if (distance !== before) bits += Math.log2(distinct);
    before = distance;
  }
  return bits >= ENOUGH_BITS && distinct >= LEAST_SYMBOLS && distinct < text.length;
}

function repeatsOf(text: Buffer): Uint16Array {
  return Uint16Array.from(text, (symbol, index) => {
    const last = index === 0 ? -1 : text.lastIndexOf(symbol, index - 1);
    return last < 0 ? 0 : index - last;
  });
}

function scan(
  table: readonly (Candidates | undefined)[],
  symbols: Uint8Array | Uint16Array,
  repeats: Repeats,
): readonly SecretHit[] {
  const hits: SecretHit[] = [];
  // Blocks overlap by the longest shape, whose end lies in the next.
  for (let base = 0; base < symbols.length; base += BLOCK) {
    const block = symbols.subarray(base, base + BLOCK + LONGEST_SHAPE);
    const back = repeats.of(block);
    for (let index = 0; index < block.length; index++) {
      const distance = back[index + LONGEST_SHAPE] ?? FAR;
      const candidates = distance <= LONGEST_SHAPE ? table[distance] : undefined;
      if (candidates === undefined) continue;
      const { shapes, steps, distances } = candidates;
      for (let at = 0; at < steps.length; at++) {
        if (back[index + LONGEST_SHAPE + (steps[at] ?? 0)] !== distances[at]) continue;
        const shape = shapes[at];
        const start = index - (shape?.anchor ?? 0);
        if (shape === undefined || start < 0 || start + shape.back.length > block.length) continue;
        if (!agrees(back, start + LONGEST_SHAPE, shape.back)) continue;
        hits.push({
          name: shape.name,
          encoding: shape.encoding,
          start: base + start,
          end: base + start + shape.back.length,
        });
      }
    }
  }
  return hits;
}

/** How far back the same symbol stands, block by block, in memory that is used again: most blocks are a few words. */
class Repeats {
  readonly #last = new Int32Array(1 << 16).fill(-FAR);
  /** Room on both sides, so that a look before the block or behind it stays in the array. */
  readonly #back = new Uint16Array(BLOCK + 3 * LONGEST_SHAPE);
  #clock = 0;

  /** For the symbol at `index` the answer stands at `index + LONGEST_SHAPE`; `FAR` where there is none in the block. */
  of(block: Uint8Array | Uint16Array): Uint16Array {
    const last = this.#last;
    const back = this.#back;
    if (this.#clock > 1 << 30) {
      last.fill(-FAR);
      this.#clock = 0;
    }
    const clock = this.#clock;
    for (let index = 0; index < block.length; index++) {
      const symbol = block[index] ?? 0;
      const distance = clock + index - (last[symbol] ?? 0);
      back[index + LONGEST_SHAPE] = Math.min(FAR, distance);
      last[symbol] = clock + index;
    }
    // What was seen in this block is far from the next.
    this.#clock = clock + block.length + FAR;
    back.fill(FAR, block.length + LONGEST_SHAPE, block.length + 2 * LONGEST_SHAPE);
    return back;
  }
}

function agrees(repeats: Uint16Array, start: number, back: Uint16Array): boolean {
  for (let index = 0; index < back.length; index++) {
    const expected = back[index] ?? 0;
    const distance = repeats[start + index] ?? 0;
    if (expected === 0 ? distance <= index : distance !== expected) return false;
  }
  return true;
}
