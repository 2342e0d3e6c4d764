/** A word that reads as Latin and is not. */
export interface Homoglyph {
  /** `mixed`: Latin letters and others in one word. `whole`: not one Latin letter, and all of them look like one. */
  readonly kind: 'mixed' | 'whole';
  /** The word as a reader takes it, in ASCII. */
  readonly reads: string;
  /** The letters that are not what they look like; offsets in UTF-16 code units of the word. */
  readonly letters: readonly { readonly index: number; readonly character: string; readonly reads: string }[];
}

/**
 * Letters that a reader takes for Latin ones in a usual font (after UTS 39 confusables). Greek only where nobody uses
 * the letter in formulas; the letters stand above their look-alikes.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [
    // Cyrillic
    ['АВЕЅІЈКМНОРСТХУҮԌԚԜ', 'ABESIJKMHOPCTXYYGQW'],
    ['аесорхуіјѕһԁԛԝӏѵүԍɡ', 'aecopxyijshdqwlvygg'],
    // Greek
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
    ['οϲϳν', 'ocjv'],
    // Armenian
    ['օոսհցՕՍ', 'onuhgOU'],
    // Latin beyond ASCII that shows no mark
    ['ıɑօʟ', 'iaol'],
  ].flatMap(([letters = '', latin = '']) =>
    [...letters].map((letter, at): [string, string] => [letter, latin[at] ?? '']),
  ),
);

/** Full-width letters and those of formulas fold to ASCII (NFKC); programs that compare code points do not fold them. */
function latinOf(character: string): string | undefined {
  const known = LOOK_ALIKES.get(character);
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const isStyled = (code >= 0xff21 && code <= 0xff5a) || (code >= 0x1d400 && code <= 0x1d6a3);
  const folded = isStyled ? character.normalize('NFKC') : '';
  return /^[A-Za-z]$/.test(folded) ? folded : undefined;
}

/**
 * Does this name (package, action, host label, identifier) hold letters of another script that pass for Latin ones?
 * A word with any letter that passes for none is a word of its own language, such as a Russian one with a Latin stem.
 */
export function findHomoglyphs(word: string): Homoglyph | undefined {
  const letters: { index: number; character: string; reads: string }[] = [];
  let latin = 0;
  let reads = '';
  let index = 0;
  for (const character of word) {
    if (/[A-Za-z]/.test(character)) latin++;
    const look = character < '\u0080' ? undefined : latinOf(character);
    if (look !== undefined) letters.push({ index, character, reads: look });
    else if (character >= '\u0080' && /\p{L}/u.test(character)) return undefined;
    reads += look ?? character;
    index += character.length;
  }
  if (letters.length === 0) return undefined;
  return { kind: latin > 0 ? 'mixed' : 'whole', reads, letters };
}

/** A word of a text or a program with foreign letters among Latin ones. */
export interface MixedWord extends Homoglyph {
  readonly span: { readonly start: number; readonly end: number };
  readonly word: string;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Words of mixed scripts; parts that `_`, `-` or `.` join count apart, as `ν_max` is an honest name. */
export function findMixedWords(text: string): readonly MixedWord[] {
  return foreignStretches(text).flatMap(({ start, end }) =>
    [...text.slice(start, end).matchAll(WORD)].flatMap(({ 0: word, index }): readonly MixedWord[] => {
      const homoglyph = FOREIGN.test(word) ? findHomoglyphs(word) : undefined;
      if (homoglyph?.kind !== 'mixed') return [];
      return [{ ...homoglyph, word, span: { start: start + index, end: start + index + word.length } }];
    }),
  );
}

const FOREIGN = /[^\0-\x7f]/;

/** Stretches of letters and digits that hold something outside ASCII: most texts have few, and only they need a look. */
function foreignStretches(text: string): readonly { readonly start: number; readonly end: number }[] {
  const stretches: { start: number; end: number }[] = [];
  for (const { index } of text.matchAll(/[^\0-\x7f]+/g)) {
    if (index < (stretches.at(-1)?.end ?? 0)) continue;
    let start = index;
    while (start > 0 && isPart(text.charCodeAt(start - 1))) start--;
    let end = index + 1;
    while (end < text.length && isPart(text.charCodeAt(end))) end++;
    stretches.push({ start, end });
  }
  return stretches;
}

/** A letter or digit of ASCII, or anything beyond it. */
function isPart(code: number): boolean {
  return (
    code > 0x7f || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  );
}
