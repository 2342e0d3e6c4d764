/** By what a hidden character hides. */
export type HiddenClass =
  /** Tag characters U+E0000–E007F: a copy of ASCII that no font shows. */
  | 'tag'
  /** U+FE00–FE0F, U+E0100–E01EF and the Mongolian ones: choose the shape of the character before. */
  | 'variation-selector'
  /** Blanks and joiners without width. */
  | 'zero-width'
  /** U+2061–2064: operators of formulas that are not shown. */
  | 'invisible-operator'
  /** Letters that look like a blank, or like nothing. */
  | 'filler'
  /** Changes the order in which the text around it is shown (CVE-2021-42574). */
  | 'bidi'
  /** Ends a line for some readers only. */
  | 'separator'
  | 'private-use'
  | 'control'
  /** Half a character. */
  | 'surrogate'
  /** Any other format character. */
  | 'format';

/** Ascending ranges; what is in none is told by its general category. */
const RANGES: readonly (readonly [first: number, last: number, hiddenClass: HiddenClass])[] = [
  [0x85, 0x85, 'separator'],
  [0xad, 0xad, 'filler'],
  [0x34f, 0x34f, 'filler'],
  [0x61c, 0x61c, 'bidi'],
  [0x115f, 0x1160, 'filler'],
  [0x17b4, 0x17b5, 'filler'],
  [0x180b, 0x180d, 'variation-selector'],
  [0x180e, 0x180e, 'zero-width'],
  [0x180f, 0x180f, 'variation-selector'],
  [0x200b, 0x200d, 'zero-width'],
  [0x200e, 0x200f, 'bidi'],
  [0x2028, 0x2029, 'separator'],
  [0x202a, 0x202e, 'bidi'],
  [0x2060, 0x2060, 'zero-width'],
  [0x2061, 0x2064, 'invisible-operator'],
  [0x2065, 0x2065, 'format'],
  [0x2066, 0x2069, 'bidi'],
  [0x2800, 0x2800, 'filler'],
  [0x3164, 0x3164, 'filler'],
  [0xd800, 0xdfff, 'surrogate'],
  [0xe000, 0xf8ff, 'private-use'],
  [0xfe00, 0xfe0f, 'variation-selector'],
  [0xfeff, 0xfeff, 'zero-width'],
  [0xffa0, 0xffa0, 'filler'],
  [0xe0000, 0xe007f, 'tag'],
  [0xe0100, 0xe01ef, 'variation-selector'],
  [0xf0000, 0x10ffff, 'private-use'],
];

/** The class of a hidden character. */
export function classifyHidden(code: number): HiddenClass {
  const range = RANGES.find(([first, last]) => code >= first && code <= last);
  if (range !== undefined) return range[2];
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) ? 'control' : 'format';
}
