import { findLiteralKeys } from '../text/index.ts';

/** No name in a list is longer. */
const MOST_CHARACTERS = 200;
/** What a key looks like when nobody knows its vendor. */
const OPAQUE = /(?<![A-Za-z0-9+=])(?=[A-Za-z+=]{0,100}\d)[A-Za-z0-9+=]{20,}/g;
/** Addresses keep their host only: user names, paths and queries hold tokens. */
const ADDRESS =
  /\b([a-z][a-z0-9+.-]{1,12}:\/\/)(?:[^\s/@"'<>]{0,400}@)?([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)[^\s"'<>]*/gi;
const REMOVED = '[removed]';

/**
 * A name out of a file, fit to be listed: known shapes of keys, opaque tokens and everything of an address but its host
 * are gone, and the rest is cut to a line's length. Values that are secret by their place are never given to it.
 */
export function shownText(text: string): string {
  const short = text.slice(0, 4 * MOST_CHARACTERS);
  let bare = '';
  let from = 0;
  for (const { start, end } of findLiteralKeys(short)) {
    bare += `${short.slice(from, start)}${REMOVED}`;
    from = end;
  }
  bare = (bare + short.slice(from)).replace(ADDRESS, '$1$2').replace(OPAQUE, REMOVED);
  const cut = bare.length > MOST_CHARACTERS ? `${bare.slice(0, MOST_CHARACTERS)}…` : bare;
  // Half of a pair, from a hostile file or from the cut, can be encoded by nobody.
  return cut.toWellFormed();
}

/** Host of an address in small letters; `undefined` where it has none or is known only when it runs. */
export function hostOf(address: string): string | undefined {
  return /^[a-z][a-z0-9+.-]{1,12}:\/\/(?:[^\s/@]{0,400}@)?([A-Za-z0-9.-]{1,253})(?=[:/?#]|$)/i
    .exec(address.trim())?.[1]
    ?.toLowerCase();
}
