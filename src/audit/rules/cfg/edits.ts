import type { Edit, Fix } from '../../../findings/index.ts';
import type { Place, SourceFile, Span } from '../../../syntax/index.ts';

/** Replace what stands at a place. */
export function replaceAt(title: string, place: Place, text: string, safety: Fix['safety']): Fix {
  return { title, safety, edits: [{ file: place.file, span: place.span, text }], creates: [] };
}

/** Remove one item or entry of a JSON list or map, with the comma that joined it to its neighbours. */
export function removeItem(title: string, file: SourceFile, span: Span, safety: Fix['safety']): Fix {
  const edit: Edit = { file: file.path, span: withComma(file.text, span), text: '' };
  return { title, safety, edits: [edit], creates: [] };
}

/** The item and one comma: the one behind it when there is one, else the one before. Comments between stay. */
function withComma(text: string, { start, end }: Span): Span {
  let behind = end;
  while (/\s/.test(text[behind] ?? '')) behind++;
  if (text[behind] === ',') {
    behind++;
    while (/[ \t]/.test(text[behind] ?? '')) behind++;
    if (text[behind] === '\r') behind++;
    if (text[behind] === '\n') behind++;
    while (/[ \t]/.test(text[behind] ?? '')) behind++;
    return { start, end: behind };
  }
  let before = start - 1;
  while (/\s/.test(text[before] ?? '')) before--;
  if (text[before] === ',') return { start: before, end };
  // The last one leaves an empty list or map on one line.
  const isAlone = /[[{]/.test(text[before] ?? '') && /[\]}]/.test(text[behind] ?? '');
  return isAlone ? { start: before + 1, end: behind } : { start, end };
}
