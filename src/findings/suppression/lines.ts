import type { SourceFile, Span } from '../../syntax/index.ts';

export interface TextLine {
  /** With its line break, so that the spans of all lines cover the text. */
  readonly span: Span;
  readonly text: string;
  readonly kind: 'blank' | 'comment' | 'content';
}

const COMMENT_STARTS = ['#', '//', '/*', '<!--', '-- '];
/** There `#` is a heading. */
const MARKUP = /\.(?:md|mdc|mdx|markdown|html?|xml)$/i;
const MARKUP_STARTS = ['<!--'];
/** A document mark of YAML, the fence of front matter. */
const FENCE = '---';

/** The lines of a file, and whether each says anything besides comments. */
export function linesOf(file: SourceFile): readonly TextLine[] {
  const starts = MARKUP.test(file.path) ? MARKUP_STARTS : COMMENT_STARTS;
  const lines: TextLine[] = [];
  for (let start = 0; start < file.text.length; ) {
    const feed = file.text.indexOf('\n', start);
    const end = feed < 0 ? file.text.length : feed + 1;
    const text = file.text.slice(start, end);
    lines.push({ span: { start, end }, text, kind: kindOf(text.replace('\ufeff', '').trim(), starts) });
    start = end;
  }
  return lines;
}

function kindOf(text: string, starts: readonly string[]): TextLine['kind'] {
  if (text === '' || text === FENCE) return 'blank';
  return starts.some((start) => text.startsWith(start)) ? 'comment' : 'content';
}
