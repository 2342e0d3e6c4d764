import { maskOf } from './category-mask.ts';
import { type Facts, factsOf, type Refinement, refinement } from './facts.ts';
import { DOTS, NO_MARKUP, SCHEME } from './label.ts';
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
    if (seen.relation !== 'same') return [];
    if (climbing) return wanted.taint.length === 0 ? [{ ...refinement(seen.cell, 0), quotes: marksOf(prefix) }] : [];
    const path = value.normalised ? PATH : 0;
    const address = WHOLE_HOST.test(prefix) ? ADDRESS : OWN_PATH.test(prefix) ? REDIRECT : 0;
    const opens = QUOTES.has(prefix) || prefix === '/' ? prefix : '';
    // Where it begins is fixed.
    const fixed = wanted.taint.length === 0 && prefix !== '/' && wanted.constant !== '' ? '/' : '';
    const quotes = fixed + (wanted.taint.length === 0 ? marksOf(prefix) : '');
    if (path === 0 && address === 0 && opens === '' && quotes === '') return [];
    return [{ ...refinement(seen.cell, path | address), opens, quotes }];
  });
  return factsOf(proven, [...climbs(value, prefix), ...lacksHost(value, prefix), ...lacksMarkup(value, prefix)]);
}

/** Schemes that run no script, and what begins a reference without a scheme (RFC 3986, 4.2). */
const INERT_SCHEME = /^(?:https?|ftps?:|mailto:|tel:|sms:|[/?#.])/i;

/** What a beginning says of the whole: that it is no markup, that its scheme runs no script. */
export function marksOf(begins: string): string {
  return (/^[^<\s]/.test(begins) ? NO_MARKUP : '') + (INERT_SCHEME.test(begins) ? SCHEME : '');
}

/** A text that does not begin with `<` is no markup to whoever tells markup from selectors by that. */
function lacksMarkup(value: Value, prefix: string): readonly Refinement[] {
  return prefix === '<' ? marked(value, NO_MARKUP) : [];
}

function marked(value: Value, quotes: string): readonly Refinement[] {
  if (quotes === '') return [];
  return value.views.flatMap((seen) => (seen.relation === 'same' ? { ...refinement(seen.cell, 0), quotes } : []));
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
  if (ONE_OF_SCHEMES.test(pattern)) return marked(text, NO_MARKUP + SCHEME);
  if (pattern.includes('|')) return [];
  const [, first] = /^\^\[([^\]\\^-]{1,20})\]/.exec(pattern) ?? [];
  if (first !== undefined) return marked(text, commonMarks(first));
  const begins = literalBeginning(pattern);
  const own = /^\^\\?\/(?:\(\?!(?:\\?\/|\[[\\/]+\])\)|\[\^[\\/]+\]|\\w|\[a-z)/.test(pattern) ? REDIRECT : 0;
  const below = text.normalised && begins.length > 1 && !CLIMBING.test(begins) ? PATH : 0;
  const clears = own | below | (WHOLE_HOST.test(begins) ? ADDRESS : OWN_PATH.test(begins) ? REDIRECT : 0);
  const quotes = marksOf(begins);
  if (clears === 0 && quotes === '') return [];
  return text.views.flatMap((seen) => (seen.relation === 'same' ? { ...refinement(seen.cell, clears), quotes } : []));
}

/** `/^(https?|mailto):/`. */
const ONE_OF_SCHEMES = /^\^\((?:\?:)?(?:https?|ftps?|mailto|tel)(?:\|(?:https?|ftps?|mailto|tel)){1,6}\):/;

/** Marks that every one of some first characters gives. */
function commonMarks(characters: string): string {
  const marks = [...characters].map(marksOf);
  return [NO_MARKUP, SCHEME].filter((mark) => marks.every((given) => given.includes(mark))).join('');
}

/** Where a text was found in a path: at its beginning that tells where the path leads. */
export function positionsOf(path: Value, wanted: Value): readonly View[] {
  if (!path.normalised) return startsOf(path, wanted);
  const climbing = CLIMBING.test(knownPrefix(wanted) ?? '');
  const relation = climbing ? (path.name === RELATIVE ? 'exit' : 'ascent') : 'position';
  return path.views.flatMap((seen): View[] => (seen.relation === 'same' ? [{ ...seen, relation }] : []));
}

/** Where a beginning that says something was found in a text. */
function startsOf(text: Value, wanted: Value): readonly View[] {
  const marks = wanted.taint.length === 0 ? marksOf(knownPrefix(wanted) ?? '') : '';
  if (marks === '') return [];
  const relation = marks.includes(SCHEME) ? 'scheme start' : 'plain start';
  return text.views.flatMap((seen): View[] => (seen.relation === 'same' ? [{ ...seen, relation }] : []));
}
