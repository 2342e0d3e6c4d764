import { maskOf } from './category-mask.ts';
import { type Facts, factsOf, type Refinement, refinement } from './facts.ts';
import { DOTS } from './label.ts';
import { literalBeginning } from './pattern-strength.ts';
import { ADDRESS } from './text.ts';
import { knownPrefix, type Value, type View } from './value.ts';

const PATH = maskOf(['path']);
const PROTOTYPE = maskOf(['prototype']);
const REDIRECT = maskOf(['redirect']);
const QUOTES = new Set(["'", '"', '`']);

/** A path on the same host. */
const OWN_PATH = /^\/[^/\\]/;
const WHOLE_HOST = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/[^/?#]+[/?#]/;

/** The beginning of a path that leads out of a folder. */
const CLIMBING = /^\.\.?(?:[\\/]|$)/;

/** A prefix of a normalised path keeps below it; one with a whole host fixes that; one quotation mark opens a text. */
export function prefixFacts(value: Value, wanted: Value | undefined): Facts | undefined {
  if (!wanted) return undefined;
  const prefix = knownPrefix(wanted) ?? '';
  const climbing = CLIMBING.test(prefix);
  const proven = value.views.flatMap((seen): Refinement[] => {
    if (seen.relation !== 'same' || climbing) return [];
    const path = value.normalised ? PATH : 0;
    const address = WHOLE_HOST.test(prefix) ? ADDRESS : OWN_PATH.test(prefix) ? REDIRECT : 0;
    const opens = QUOTES.has(prefix) || prefix === '/' ? prefix : '';
    // Where it begins is fixed.
    const quotes = wanted.taint.length === 0 && prefix !== '/' && wanted.constant !== '' ? '/' : '';
    if (path === 0 && address === 0 && opens === '' && quotes === '') return [];
    return [{ ...refinement(seen.cell, path | address), opens, quotes }];
  });
  return factsOf(proven, [...climbs(value, prefix), ...lacksHost(value, prefix)]);
}

/** An address that does not begin with `//` has no host, when it begins with `/`. */
function lacksHost(value: Value, prefix: string): readonly Refinement[] {
  if (prefix !== '//') return [];
  return value.views.flatMap((seen) =>
    seen.relation === 'same' ? { ...refinement(seen.cell, 0), lacksInside: '/' } : [],
  );
}

/** The way from one folder to a path, which leads out of it only when it begins with `..`. */
const RELATIVE = 'path.relative()';

/** A normalised path that does not begin with `..` stays below, and one that does not begin with `/` is not absolute. */
function climbs(value: Value, prefix: string): readonly Refinement[] {
  const quotes = prefix === '/' ? '/' : value.normalised && /^\.{1,2}[\\/]?$/.test(prefix) ? DOTS : '';
  const below = quotes === DOTS && value.name === RELATIVE ? PATH : 0;
  const clears = below | (prefix !== '' && '__proto__'.startsWith(prefix) ? PROTOTYPE : 0);
  if (quotes === '' && clears === 0) return [];
  return value.views.flatMap((seen) => (seen.relation === 'same' ? { ...refinement(seen.cell, clears), quotes } : []));
}

/** `/^https:\/\/host\//`: what matches begins with a whole host, or with one slash and no second. */
export function beginningFacts(pattern: string, text: Value): readonly Refinement[] {
  if (pattern.includes('|')) return [];
  const begins = literalBeginning(pattern);
  const own = /^\^\\?\/(?:\(\?!(?:\\?\/|\[[\\/]+\])\)|\[\^[\\/]+\]|\\w|\[a-z)/.test(pattern) ? REDIRECT : 0;
  const clears = own | (WHOLE_HOST.test(begins) ? ADDRESS : OWN_PATH.test(begins) ? REDIRECT : 0);
  if (clears === 0) return [];
  return text.views.flatMap((seen) => (seen.relation === 'same' ? refinement(seen.cell, clears) : []));
}

/** Where a text was found in a path: at its beginning that tells where the path leads. */
export function positionsOf(path: Value, wanted: Value): readonly View[] {
  if (!path.normalised) return [];
  const climbing = CLIMBING.test(knownPrefix(wanted) ?? '');
  const relation = climbing ? (path.name === RELATIVE ? 'exit' : 'ascent') : 'position';
  return path.views.flatMap((seen): View[] => (seen.relation === 'same' ? [{ ...seen, relation }] : []));
}
