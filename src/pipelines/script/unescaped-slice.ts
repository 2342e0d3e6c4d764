import type { Span } from '../../syntax/index.ts';
import type { TemplateText } from '../value.ts';
import { sliceTemplate } from './template-slice.ts';

/**
 * A part of a text as the shell hands it on: a backslash before a character of `special` falls away. Every character
 * still knows its place in the file.
 */
export function unescapedSlice(text: TemplateText, span: Span, special: RegExp | undefined): TemplateText {
  const slice = sliceTemplate(text, span);
  if (special === undefined || !slice.text.includes('\\')) return slice;
  const kept: number[] = [];
  for (let index = 0; index < slice.text.length; index++) {
    if (slice.text[index] === '\\' && special.test(slice.text[index + 1] ?? '')) index++;
    kept.push(index);
  }
  // The first kept character at or behind a position of the spelled text.
  const moved = (index: number): number => {
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((kept[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    ...slice,
    text: kept.map((index) => slice.text[index]).join(''),
    interpolations: slice.interpolations.map((one) => ({ ...one, index: moved(one.index) })),
    offsetOf: (index) => slice.offsetOf(kept[index] ?? slice.text.length),
  };
}
