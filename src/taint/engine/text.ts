import { maskOf } from './category-mask.ts';
import { textOfConstant } from './folding.ts';
import {
  clearLabels,
  doubtLabels,
  type Label,
  NO_MARKUP,
  NO_TAINT,
  neutraliseQuote,
  SCHEME,
  unionLabels,
} from './label.ts';
import type { Machine } from './machine.ts';
import { marksOf } from './text-beginnings.ts';
import { constantValue, knownPrefix, UNKNOWN, type Value } from './value.ts';

const QUOTES = `'"\``;

/** Categories in which a text that cannot leave its quotation marks is harmless. */
const QUOTED_CLEARS = maskOf(['xpath']);

/** Nothing means anything to a shell between two of `'` (POSIX.1-2024, XCU 2.2.2). */
const SHELL = maskOf(['command']);

/** Categories that only the beginning of an address decides. */
export const ADDRESS = maskOf(['ssrf', 'redirect']);

/** A beginning that fixes the host (RFC 3986, 3.2), or a path on the same host. */
const FIXED_HOST = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\\\s]+[/?#]|\/[^/\\]|\uE000[^/?#:@\\\s]*(?:\/(?!\/)|[?#]))/;

/** Stands in a known beginning for what the program itself put there, whatever that is: a host from its settings. */
const OWN_BEGINNING = '\uE000';

/** Where a host comes next. */
const BEFORE_HOST = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\/\/)?$/;

/** What the program put there without a slash behind it. */
const OPEN_BASE = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\/\/)?\uE000$/;

/** A query or a fragment by itself: an address on the same page (RFC 3986, 4.4). */
const SAME_PAGE = /^[?#]/;

/** Whether a text, read as an address, begins so that it cannot lead to another host. */
export function staysOnHost(value: Value): boolean {
  if (OWN_ADDRESS.test(value.name ?? '')) return true;
  const begins = knownPrefix(value) ?? '';
  return FIXED_HOST.test(begins) || SAME_PAGE.test(begins);
}

/** The whole address of the page, or of the request (WHATWG Fetch, 5.4): what is put behind it stays there. */
const OWN_ADDRESS = new RegExp(
  [
    '^(?:(?:window|document|self)\\.)?location(?:\\.href)?$',
    '^document\\.(?:URL|documentURI)$',
    '^(?:Request|next/server\\.NextRequest|@sveltejs/kit\\.RequestEvent(?:\\.request)?)\\.(?:url|nextUrl)(?:\\.(?:origin|href|clone\\(\\)))?$',
  ].join('|'),
);

/** Things that are encoded when they become a text (WHATWG URL, 6.2). */
const ENCODED_AS_TEXT: ReadonlySet<string> = new Set(['URLSearchParams()', 'url.URLSearchParams()']);

const ENCODED = maskOf(['xss', 'header', 'log', 'ssrf', 'redirect', 'path']);

/** The key that finds what all objects share; a text with anything else in it is another one. */
const PROTOTYPE_KEY = '__proto__';

const PROTOTYPE = maskOf(['prototype']);

/** Longest beginning that is remembered. */
const LONGEST_PREFIX = 300;

/** Text longer than this is not computed. */
const LONGEST_TEXT = 10_000;

/** Join values to one text. Its constant beginning and its open quotation mark decide what each part can do. */
export function composeText(parts: readonly Value[], machine: Machine): Value {
  let text: string | undefined = '';
  let prefix = '';
  let open = true;
  let quote = '';
  let taint: readonly Label[] = NO_TAINT;
  let named = true;
  let written = '';
  for (const part of parts) {
    const constant = part.constant;
    if (constant !== undefined) {
      const shown = textOfConstant(constant).slice(0, LONGEST_TEXT);
      text = text !== undefined && text.length + shown.length <= LONGEST_TEXT ? text + shown : undefined;
      if (open && prefix.length < LONGEST_PREFIX) prefix += shown;
      quote = scanQuote(quote, shown);
      written = shown;
      named &&= PROTOTYPE_KEY.includes(shown);
      continue;
    }
    const isOwn = prefix === '' && OWN_ADDRESS.test(part.name ?? '');
    const held = clearLabels(machine.taintOf(part), isOwn ? ADDRESS : clearedAsText(part, prefix));
    const labels = isOwn ? [NO_MARKUP, SCHEME].reduce(neutraliseQuote, held) : held;
    const isBase = (labels.length === 0 && BEFORE_HOST.test(prefix)) || isOwn;
    const begins = knownPrefix(part) || (isBase ? OWN_BEGINNING : '');
    const placed = placedLabels(labels, open ? prefix + begins : prefix, quote);
    taint = unionLabels(taint, insideAttribute(placed, written));
    written = '';
    text = undefined;
    if (open) prefix += begins;
    open &&= begins === OWN_BEGINNING;
    quote = part.quote || quote;
  }
  if (text !== undefined) return constantValue(text);
  const views = parts.flatMap((part) => part.views);
  const short = prefix.slice(0, LONGEST_PREFIX);
  return { ...UNKNOWN, taint: named ? taint : clearLabels(taint, PROTOTYPE), views, prefix: short, quote };
}

function clearedAsText({ name }: Value, prefix: string): number {
  if (name === ROOTED_PATH && prefix !== '') return PATH;
  return ENCODED_AS_TEXT.has(name ?? '') ? ENCODED : 0;
}

/** The name of a path that begins at the root and climbs nowhere: behind a folder it stays below. */
export const ROOTED_PATH = 'path.normalize(/)';

const PATH = maskOf(['path']);

/** What the labels can still do at their place in the text. */
function placedLabels(labels: readonly Label[], prefix: string, quote: string): readonly Label[] {
  if (labels.length === 0) return labels;
  let placed = FIXED_HOST.test(prefix) ? clearLabels(labels, ADDRESS) : labels;
  // Settings end a base address with a slash or leave it to what follows.
  if (OPEN_BASE.test(prefix)) placed = doubtLabels(placed, ADDRESS);
  if (prefix !== '') placed = belowFolder(placed);
  for (const mark of marksOf(prefix)) placed = neutraliseQuote(placed, mark);
  if (quote !== '' && placed.some((label) => label.quotes.includes(quote))) {
    const clears = QUOTED_CLEARS | (quote === "'" ? SHELL : 0);
    placed = placed.flatMap((label) => (label.quotes.includes(quote) ? clearLabels([label], clears) : [label]));
  }
  return placed;
}

/** Attributes that hold text, and the mark that opens their value (HTML, 13.1.2.3). */
const TEXT_ATTRIBUTE =
  /[\s"'](?:alt|class|content|cols|data-[\w-]{1,40}|aria-[\w-]{1,40}|for|height|id|label|lang|name|placeholder|rel|role|rows|title|type|value|width)=(["'])$/i;

const MARKUP = maskOf(['xss']);

/** A text that cannot leave the value of an attribute is harmless there: `<a title="` + text + `">`. */
function insideAttribute(labels: readonly Label[], before: string): readonly Label[] {
  const [, quote] = labels.length === 0 ? [] : (TEXT_ATTRIBUTE.exec(before) ?? []);
  if (quote === undefined) return labels;
  return labels.flatMap((label) => (label.quotes.includes(quote) ? clearLabels([label], MARKUP) : [label]));
}

/** Behind a beginning of the program's own a path is not absolute: without `..` it stays where it is. */
export function belowFolder(labels: readonly Label[]): readonly Label[] {
  return neutraliseQuote(labels, '/');
}

/** The mark that is open after a text, when `open` was before it. */
function scanQuote(open: string, text: string): string {
  let quote = open;
  for (const character of text) {
    if (quote === '' && QUOTES.includes(character)) quote = character;
    else if (character === quote) quote = '';
  }
  return quote;
}

/** `"%s" % values` and `"{}".format(values)`: values take the places of the marks in order, when those are plain. */
export function formatText(format: Value, values: readonly Value[], machine: Machine): Value {
  const template = format.constant;
  if (typeof template !== 'string') return composeText([format, ...values], machine);
  const pieces = splitTemplate(template);
  const parts: Value[] = [];
  for (const [index, piece] of pieces.entries()) {
    parts.push(constantValue(piece.text));
    if (index === pieces.length - 1) break;
    const value = piece.number === undefined ? values[index] : values[piece.number];
    if (value) parts.push(value);
    else parts.push(...values);
  }
  const rest = values.slice(pieces.length - 1);
  return composeText([...parts, ...(pieces.length > 1 ? [] : rest)], machine);
}

interface Piece {
  readonly text: string;
  /** Which value follows, when the mark says so. */
  readonly number: number | undefined;
}

const MARK = /%(?:\([^)]{0,64}\))?[-+ #0-9.]{0,12}[a-zA-Z]|\{[^{}]{0,64}\}/g;

function splitTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of template.matchAll(MARK)) {
    const digits = /^\{(\d{1,4})[^\d]/.exec(match[0]);
    const named = /^(?:\{[a-zA-Z_]|%\()/.test(match[0]);
    const number = digits ? Number(digits[1]) : named ? Number.NaN : undefined;
    pieces.push({ text: template.slice(last, match.index), number });
    last = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(last), number: undefined }];
}
