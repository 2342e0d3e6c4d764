/**
 * Where hidden characters belong: writing systems and emoji need them. Everything here lets single characters through
 * in the one place where Unicode wants them; a second one beside it is not needed by anybody.
 */

/** Unicode 16 §9.2, §12, §13, §23.2: scripts in which joiners choose the shape of a letter. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Adlam}\p{Script=Thaana}]/u;
/** Scripts without blanks between words: a blank without width tells where a line may break. */
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/u;
const EMOJI = /\p{Emoji}/u;
const HAN = /\p{Script=Han}/u;
const SELECTED = /[\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}]/u;
const LETTER = /\p{L}/u;
const MARKED = /[\p{L}\p{M}]/u;
const BRAILLE = /[\u2801-\u28ff]/u;
/** Signs that stand before a number (Prepended_Concatenation_Mark): format characters, and visible. */
const PREPENDED = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
/** Musical notation, shorthand and hieroglyphs lay out their signs by format characters. */
const NOTATION = /[\u{13430}-\u{1345f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]/u;

/** What stands around one hidden character; empty strings at the ends of the text. */
export interface HiddenNeighbours {
  readonly index: number;
  readonly before: string;
  readonly after: string;
  /** The character before, variation selectors of emoji passed over. */
  readonly base: string;
  readonly line: () => LineDirection;
}

/** What the line says about directions; worked out once a line. */
export interface LineDirection {
  readonly rightToLeft: boolean;
  /** Closes what it opens, and overrides nothing. */
  readonly balanced: boolean;
}

/** Is this character needed where it stands? Tag sequences are judged as a whole: `isFlagTag`. */
export function isBenign(character: string, around: HiddenNeighbours): boolean {
  const { before, after, base } = around;
  switch (character) {
    case '\ufeff':
      return around.index === 0;
    case '\r':
      return after === '\n';
    case '\f':
      return true;
    case '\u200d':
      return (PICTURE.test(base) && PICTURE.test(after)) || JOINING.test(before);
    case '\u200c':
      return JOINING.test(before);
    case '\u200b':
      return UNSPACED.test(before) || UNSPACED.test(after);
    case '\u00ad':
      return LETTER.test(before) && LETTER.test(after);
    case '\u034f':
      return MARKED.test(before) && MARKED.test(after) && !/[A-Za-z]/.test(before);
    case '\u2800':
      return BRAILLE.test(before) || BRAILLE.test(after);
    case '\u115f':
    case '\u1160':
      return /[\u1100-\u11ff]/.test(before) || /[\u1100-\u11ff]/.test(after);
    case '\u200e':
    case '\u200f':
    case '\u061c':
      return around.line().rightToLeft;
    default:
      return isBenignSelector(character, before) || isBenignBidi(character, around) || isNotation(character);
  }
}

function isBenignSelector(character: string, before: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0xfe0e || code === 0xfe0f) return EMOJI.test(before);
  if (code >= 0xfe00 && code <= 0xfe0d) return HAN.test(before) || SELECTED.test(before);
  if (code >= 0x180b && code <= 0x180f) return SELECTED.test(before);
  return code >= 0xe0100 && code <= 0xe01ef && HAN.test(before);
}

/** Embeddings and isolates belong to right-to-left text when the line closes what it opens. Overrides never do. */
function isBenignBidi(character: string, around: HiddenNeighbours): boolean {
  if (!/[\u202a-\u202c\u2066-\u2069]/.test(character)) return false;
  const { rightToLeft, balanced } = around.line();
  return rightToLeft && balanced;
}

const OPENING = /[\u202a\u202b\u2066-\u2068]/g;
const CLOSING = /[\u202c\u2069]/g;

export function readDirection(line: string): LineDirection {
  const balanced = !/[\u202d\u202e]/.test(line) && line.match(OPENING)?.length === line.match(CLOSING)?.length;
  return { rightToLeft: RIGHT_TO_LEFT.test(line), balanced };
}

function isNotation(character: string): boolean {
  return PREPENDED.test(character) || NOTATION.test(character);
}

/**
 * Flags of regions are a black flag, tag letters and an end tag (UTS 51 §C.1). Only the flags that exist: otherwise
 * a row of flags would be a row of letters.
 */
export const FLAG_SEQUENCE =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
