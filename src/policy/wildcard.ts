/** Text that is partly unknown: known pieces, and `undefined` for what could be anything. */
export type Pieces = readonly (string | undefined)[];

/** Most steps that one comparison with unknown text may take; beyond it the answer is an error, hence deny. */
const MOST_STEPS = 4_000_000;

/** Match with `*` for any run of characters and nothing else. Time is pattern × text at worst. */
export function matchWildcard(pattern: string, text: string): boolean {
  return matchSequence(pattern, text, '*', (character, other) => character === other);
}

/** Matching over characters or segments: on a mismatch it goes back to the last star only, hence pattern × text. */
export function matchSequence(
  pattern: ArrayLike<string>,
  text: ArrayLike<string>,
  starSign: string,
  fits: (one: string, other: string) => boolean,
): boolean {
  let at = 0;
  let here = 0;
  let star = -1;
  let resume = 0;
  while (here < text.length) {
    const wanted = pattern[at];
    if (wanted === starSign) {
      star = at++;
      resume = here;
    } else if (wanted !== undefined && fits(wanted, text[here] ?? '')) {
      at++;
      here++;
    } else if (star >= 0) {
      at = star + 1;
      here = ++resume;
    } else return false;
  }
  while (pattern[at] === starSign) at++;
  return at === pattern.length;
}

/** True when every text that `inner` selects is selected by `outer` too. Both have `*` only. */
export function includesWildcard(outer: string, inner: string): boolean {
  // A `*` of the inner pattern can only be covered by a `*` of the outer one, so it may be taken for a character that
  // no literal has.
  return matchWildcard(outer, inner.replaceAll('*', '\u0000'));
}

/**
 * Whether partly unknown text could match: `git $X` could be `git push`. Both sides have wildcards, so this asks
 * whether their languages meet (a reachability table, pattern × text).
 * @throws RangeError when the comparison would be too long.
 */
export function couldMatch(pattern: string, pieces: Pieces): boolean {
  if (!pieces.includes(undefined)) return matchWildcard(pattern, pieces.join(''));
  const symbols = pieces.flatMap((piece) => (piece === undefined ? [undefined] : [...piece]));
  const letters = [...pattern];
  if (symbols.length * letters.length > MOST_STEPS) throw new RangeError('the command is too long to compare');
  let row = closeOverStars(letters, [true]);
  for (const symbol of symbols) {
    const next: boolean[] = [];
    let reached = false;
    for (let at = 0; at <= letters.length; at++) {
      reached ||= row[at] === true;
      if (symbol === undefined) next[at] = reached;
      else if (row[at] !== true) next[at] ||= false;
      else {
        if (letters[at] === '*') next[at] = true;
        else next[at] ||= false;
        if (letters[at] === symbol) next[at + 1] = true;
      }
    }
    row = closeOverStars(letters, next);
  }
  return row[letters.length] === true;
}

function closeOverStars(letters: readonly string[], row: boolean[]): boolean[] {
  for (let at = 0; at < letters.length; at++) if (row[at] === true && letters[at] === '*') row[at + 1] = true;
  return row;
}
