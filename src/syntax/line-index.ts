/** Lines and columns of a text, both counted from 1; columns in UTF-16 code units, as SARIF 2.1.0 §3.30 has them. */
export interface LineIndex {
  /** Where an offset stands; one behind the end counts as the end. */
  position(offset: number): { readonly line: number; readonly column: number };
  /** The offset of a line and column; a column behind the line's end is the line's end. */
  offset(line: number, column: number): number;
  readonly lines: number;
}

/** A line ends with LF, CR LF or a lone CR (YAML 1.2.2 §5.4), as editors and parsers count them. */
export function createLineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  const startOf = (line: number) => starts[line] ?? text.length;
  return {
    lines: starts.length,
    position(offset) {
      const at = Math.min(Math.max(offset, 0), text.length);
      const line = lastAtOrBefore(starts, at);
      return { line: line + 1, column: at - startOf(line) + 1 };
    },
    offset(line, column) {
      const index = Math.min(Math.max(line, 1), starts.length) - 1;
      let end = startOf(index + 1);
      if (index + 1 < starts.length) {
        end -= 1;
        if (text[end] === '\n' && text[end - 1] === '\r' && end > startOf(index)) end -= 1;
      }
      return Math.min(startOf(index) + Math.max(column, 1) - 1, end);
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  const breaks = /\r\n?|\n/g;
  for (let found = breaks.exec(text); found !== null; found = breaks.exec(text)) starts.push(breaks.lastIndex);
  return starts;
}

/** Index of the last element that is not greater than `value`; the list ascends and starts with the smallest. */
export function lastAtOrBefore(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
