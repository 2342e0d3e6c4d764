/** A fenced block, or a span in back quotes: text that a rendered view shows as it is. */
export interface MarkdownCode {
  readonly start: number;
  readonly end: number;
  /** What stands behind the language of a fence; not shown. */
  readonly info: { readonly start: number; readonly end: number } | undefined;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;

/** The code of a Markdown text (CommonMark §4.5, §6.1). A span ends within its paragraph, a fence at the latest with the text. */
export function findMarkdownCode(text: string): readonly MarkdownCode[] {
  const found: MarkdownCode[] = [];
  let fence: { readonly start: number; readonly mark: string; readonly info: MarkdownCode['info'] } | undefined;
  let paragraph = 0;
  const closeParagraph = (end: number) => {
    for (const span of findCodeSpans(text, paragraph, end)) found.push(span);
  };
  for (let start = 0; start <= text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end).replace(/\r$/, '');
    const match = FENCE.exec(line.slice(0, 4096));
    const mark = match?.[1] ?? '';
    if (fence === undefined && mark !== '' && !(mark[0] === '`' && match?.[2]?.includes('`'))) {
      closeParagraph(start);
      fence = { start, mark, info: infoOf(line, start, mark) };
    } else if (fence !== undefined && mark.startsWith(fence.mark) && match?.[2]?.trim() === '') {
      found.push({ start: fence.start, end, info: fence.info });
      fence = undefined;
      paragraph = end;
    } else if (fence === undefined && line.trim() === '') {
      closeParagraph(start);
      paragraph = end;
    }
    start = end + 1;
  }
  if (fence !== undefined) found.push({ start: fence.start, end: text.length, info: fence.info });
  else closeParagraph(text.length);
  return found;
}

function infoOf(line: string, start: number, mark: string): MarkdownCode['info'] {
  const from = line.indexOf(mark) + mark.length;
  const words = /^\s*\S+\s+(?=\S)/.exec(line.slice(from));
  return words === null ? undefined : { start: start + from + words[0].length, end: start + line.length };
}

/** Runs of back quotes that close with a run of the same length. */
function findCodeSpans(text: string, start: number, end: number): readonly MarkdownCode[] {
  const runs = [...text.slice(start, end).matchAll(/`+/g)];
  const closings = nextOfSameLength(runs.map(([run]) => run.length));
  const found: MarkdownCode[] = [];
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index];
    const close = closings[index] ?? -1;
    const closing = runs[close];
    if (run === undefined || closing === undefined) continue;
    found.push({ start: start + run.index, end: start + closing.index + closing[0].length, info: undefined });
    index = close;
  }
  return found;
}

/** For each run the index of the next one of its length, or -1. From the back, so that the time is linear. */
function nextOfSameLength(lengths: readonly number[]): readonly number[] {
  const last = new Map<number, number>();
  const next = lengths.map(() => -1);
  for (let index = lengths.length - 1; index >= 0; index--) {
    const length = lengths[index] ?? 0;
    next[index] = last.get(length) ?? -1;
    last.set(length, index);
  }
  return next;
}
