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
  const copied: boolean[] = [];
  const parts: string[] = [];
  let length = 0;
  let end = origin;
  const push = (part: string, offset: number, isCopy: boolean, behind: number): void => {
    end = behind;
    if (part === '') return;
    indexes.push(length);
    offsets.push(offset);
    copied.push(isCopy);
    parts.push(part);
    length += part.length;
  };
  return {
    copy: (start, behind) => push(source.slice(start, behind), start, true, behind),
    write: (decoded, start, behind) => push(decoded, start, false, behind),
    build: () => ({ text: parts.join(''), offsetOf: answerFrom({ indexes, offsets, copied, length, end, origin }) }),
  };
}

interface Runs {
  readonly indexes: readonly number[];
  readonly offsets: readonly number[];
  readonly copied: readonly boolean[];
  readonly length: number;
  readonly end: number;
  readonly origin: number;
}

/** On its own, so that the text of the builder is not kept. */
function answerFrom({ indexes, offsets, copied, length, end, origin }: Runs): OffsetMap['offsetOf'] {
  return (index) => {
    if (index >= length || indexes.length === 0) return end;
    const at = Math.max(index, 0);
    const run = lastAtOrBefore(indexes, at);
    const offset = offsets[run] ?? origin;
    return copied[run] ? offset + at - (indexes[run] ?? 0) : offset;
  };
}
