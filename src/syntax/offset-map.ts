import { lastAtOrBefore } from './line-index.ts';

/**
 * Which character of a file stands behind each character of a decoded value: an escape makes one character of many, a
 * folded line makes a blank of a line break and its indentation.
 */
export interface OffsetMap {
  /** The decoded value. */
  readonly text: string;
  /** The place of the character at `index`; `text.length` is just behind the last one. */
  offsetOf(index: number): number;
}

/** Builds a map from the front to the back. */
export interface OffsetMapBuilder {
  /** Characters that stand in the source as they are. */
  copy(start: number, end: number): void;
  /** Characters that the source spells otherwise, between `start` and `end`. */
  write(decoded: string, start: number, end: number): void;
  build(): OffsetMap;
}

export function createOffsetMapBuilder(source: string, origin: number): OffsetMapBuilder {
  const indexes: number[] = [];
  const offsets: number[] = [];
  const decoded: (string | undefined)[] = [];
  let length = 0;
  let end = origin;
  const push = (offset: number, text: string | undefined, size: number): void => {
    indexes.push(length);
    offsets.push(offset);
    decoded.push(text);
    length += size;
  };
  const copy = (start: number, behind: number): void => {
    end = behind;
    if (behind <= start) return;
    const last = indexes.length - 1;
    const goesOn =
      last >= 0 && decoded[last] === undefined && (offsets[last] ?? 0) + length - (indexes[last] ?? 0) === start;
    if (goesOn) length += behind - start;
    else push(start, undefined, behind - start);
  };
  return {
    copy,
    write: (text, start, behind) => {
      if (text.length === behind - start && source.startsWith(text, start)) return copy(start, behind);
      end = behind;
      if (text !== '') push(start, text, text.length);
    },
    build: () => {
      const runs: Runs = { indexes, offsets, decoded, length, end, origin };
      return {
        get text() {
          return decodedText(source, runs);
        },
        offsetOf: answerFrom(runs),
      };
    },
  };
}

interface Runs {
  readonly indexes: readonly number[];
  readonly offsets: readonly number[];
  /** Undefined for what stands in the source as it is. */
  readonly decoded: readonly (string | undefined)[];
  readonly length: number;
  readonly end: number;
  readonly origin: number;
}

/** Most callers want places only. */
function decodedText(source: string, { indexes, offsets, decoded, length }: Runs): string {
  return indexes
    .map((index, run) => {
      const start = offsets[run] ?? 0;
      return decoded[run] ?? source.slice(start, start + (indexes[run + 1] ?? length) - index);
    })
    .join('');
}

/** On its own, so that the text of the builder is not kept. */
function answerFrom({ indexes, offsets, decoded, length, end, origin }: Runs): OffsetMap['offsetOf'] {
  return (index) => {
    if (index >= length || indexes.length === 0) return end;
    const at = Math.max(index, 0);
    const run = lastAtOrBefore(indexes, at);
    const offset = offsets[run] ?? origin;
    return decoded[run] === undefined ? offset + at - (indexes[run] ?? 0) : offset;
  };
}
