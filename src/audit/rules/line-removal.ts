import type { Edit } from '../../findings/index.ts';
import type { Place, SourceFile } from '../../syntax/index.ts';

/**
 * An edit that takes a list item or key out together with its line. Inside a flow collection or beside other text only
 * `undefined`: a comma or bracket would stay behind.
 */
export function removeLines(file: SourceFile, { span }: Place): Edit | undefined {
  const start = file.text.lastIndexOf('\n', span.start - 1) + 1;
  const feed = file.text.indexOf('\n', Math.max(span.end - 1, span.start));
  const end = feed < 0 ? file.text.length : feed + 1;
  const before = file.text.slice(start, span.start).trim();
  const after = file.text.slice(span.end, end).trim();
  if (before !== '' && before !== '-') return undefined;
  if (after !== '' && !after.startsWith('#')) return undefined;
  return { file: file.path, span: { start, end }, text: '' };
}

/** The blanks in front of the line on which an offset stands. */
export function indentAt(file: SourceFile, offset: number): string {
  const start = file.text.lastIndexOf('\n', offset - 1) + 1;
  let end = start;
  while (file.text[end] === ' ' || file.text[end] === '\t') end++;
  return file.text.slice(start, end);
}

/** Blanks as wide as the column at which an offset stands: what a sibling key below it needs. */
export function columnIndent(file: SourceFile, offset: number): string {
  return ' '.repeat(offset - (file.text.lastIndexOf('\n', offset - 1) + 1));
}
