/** Lines of a text as the hunks of a change count them: from 0, each ended by a line feed alone. */
export interface TextLines {
  readonly lines: readonly string[];
  /** Offset of a line in the text; of one behind the last, the offset behind the text's end. */
  startOf(line: number): number;
}

/** One pass, so that a file with many hunks is not read once for each of them. */
export function linesOf(text: string): TextLines {
  const lines = text.split('\n');
  const starts = [0];
  let end = 0;
  for (const { length } of lines) {
    end += length + 1;
    starts.push(end);
  }
  return { lines, startOf: (line) => starts[line] ?? end };
}
