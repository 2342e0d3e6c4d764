/**
 * Text that was put together from pieces of a file (continuations joined, quotes removed), together with where each
 * character came from.
 */
export interface MappedText {
  readonly text: string;
  /** The place in the file of the character at `index` of `text` (`text.length`: just behind the last one). */
  offsetOf(index: number): number;
}

/** A run of characters that stand side by side in the file: from `at` in the text, from `offset` in the file. */
interface Piece {
  readonly at: number;
  readonly offset: number;
}

/** Collects pieces of a file into one text. */
export class TextAssembly {
  readonly #pieces: Piece[] = [];
  readonly #parts: string[] = [];
  #length = 0;
  #behind = 0;

  /** Append text that stands at `offset` of the file. */
  add(part: string, offset: number): void {
    if (part === '') return;
    if (this.#pieces.length === 0 || offset !== this.#behind) this.#pieces.push({ at: this.#length, offset });
    this.#parts.push(part);
    this.#length += part.length;
    this.#behind = offset + part.length;
  }

  /** The text so far; `start` is where an empty text stands. */
  finish(start: number): MappedText {
    const pieces = [...this.#pieces];
    const behind = this.#behind;
    const length = this.#length;
    return {
      text: this.#parts.join(''),
      offsetOf: (index) => {
        if (pieces.length === 0) return start;
        if (index >= length) return behind;
        const piece = pieceAt(pieces, Math.max(index, 0));
        return piece.offset + Math.max(index, 0) - piece.at;
      },
    };
  }
}

function pieceAt(pieces: readonly Piece[], index: number): Piece {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return pieces[low] ?? { at: 0, offset: 0 };
}

/** A part of a mapped text, as a mapped text. */
export function sliceMapped(whole: MappedText, start: number, end: number): MappedText {
  return {
    text: whole.text.slice(start, end),
    offsetOf: (index) =>
      index >= end - start && end > start ? whole.offsetOf(end - 1) + 1 : whole.offsetOf(start + index),
  };
}
