import { describeHidden, type MarkdownHidden } from './markdown-channel.ts';

interface Tag {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly at: number }[];
}

/** A tag longer than this is read no further: bounds the time that `<a <a <a …` takes. */
const LONGEST_TAG = 2048;
/** Characters looked at in tags of one text; more is no page but an attempt to tire us out. */
const MOST_WORK = 32 * 1024 * 1024;
const TAG_START = /<([a-z][a-z0-9-]*)(?=[\s>/])/gi;
const ATTRIBUTE = /\s([a-z_:@][a-z0-9_:.@-]*)(?:\s{0,8}=\s{0,8}("[^"]*"|'[^']*'|[^\s"'=<>`]+))?/gi;
/** Elements whose content no browser shows, or only in place of something else. */
const UNSHOWN: ReadonlySet<string> = new Set(['template', 'script', 'style', 'noscript', 'noframes', 'title', 'head']);
/** Attributes that hold text for others than the reader of the page. */
const TEXT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'alt',
  'title',
  'aria-label',
  'aria-description',
  'cite',
  'abbr',
  'summary',
  'content',
  'placeholder',
]);
const UNSEEN_STYLE =
  /display:none|visibility:hidden|opacity:0(?:\.0+)?(?:;|$)|font-size:[01](?:\.0+)?(?:px|pt|em|rem|%)?(?:;|$)|(?:^|;)color:(?:#f{3}(?:f{3})?(?![\da-f])|white|transparent|rgba?\(255,255,255|rgba\(\d+,\d+,\d+,0\))|text-indent:-\d{3,}|(?:left|top):-\d{3,}|clip:rect\(0|(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)/;
/** Fewer words than these in an attribute are a name, not a message. */
const FEWEST_WORDS = 4;

/** Elements and attributes that a rendered view hides. `shown`: the text with code and comments blanked. */
export function findHiddenElements(shown: string, text: string): readonly MarkdownHidden[] {
  const found: MarkdownHidden[] = [];
  const closings = createClosingFinder(shown);
  let hiddenUntil = 0;
  for (const tag of findTags(shown)) {
    for (const { name, value, at } of tag.attributes) {
      if (!TEXT_ATTRIBUTES.has(name) || countWords(value) < FEWEST_WORDS) continue;
      const content = { start: at, end: at + value.length };
      found.push(describeHidden(text, name === 'alt' ? 'alternative' : 'attribute', tag, content));
    }
    const channel = hidesContent(tag);
    if (channel === undefined || tag.start < hiddenUntil) continue;
    const closing = closings(tag.name, tag.end);
    const content = { start: tag.end, end: closing?.start ?? shown.length };
    found.push(describeHidden(text, channel, { start: tag.start, end: closing?.end ?? shown.length }, content));
    hiddenUntil = content.end;
  }
  return [...found, ...findImages(shown, text)];
}

function hidesContent({ name, attributes }: Tag): 'details' | 'element' | undefined {
  const has = (attribute: string) => attributes.some((one) => one.name === attribute);
  if (name === 'details') return has('open') ? undefined : 'details';
  if (UNSHOWN.has(name) || has('hidden')) return 'element';
  const style =
    attributes
      .find((one) => one.name === 'style')
      ?.value.toLowerCase()
      .replace(/\s/g, '') ?? '';
  const colour = attributes.find((one) => one.name === 'color')?.value.toLowerCase() ?? '';
  return UNSEEN_STYLE.test(style) || /^(?:white|transparent|#f{3}(?:f{3})?)$/.test(colour) ? 'element' : undefined;
}

function* findTags(shown: string): Generator<Tag> {
  let work = 0;
  for (const { 0: opening, 1: name = '', index } of shown.matchAll(TAG_START)) {
    const from = index + opening.length;
    // Whatever follows counts as hidden, so that nobody hides behind the cap.
    if (work > MOST_WORK) return yield { name: 'template', start: index, end: from, attributes: [] };
    const { end, isTag } = tagEnd(shown, from);
    work += end - from;
    if (isTag) yield { name: name.toLowerCase(), start: index, end, attributes: readAttributes(shown, from, end - 1) };
  }
}

function readAttributes(shown: string, from: number, end: number): Tag['attributes'] {
  const found = [...shown.slice(from, end).matchAll(ATTRIBUTE)];
  return found.map(({ 0: whole, 1: name = '', 2: spelled = '', index }) => {
    const isQuoted = spelled.startsWith('"') || spelled.startsWith("'");
    const at = from + index + whole.length - spelled.length + (isQuoted ? 1 : 0);
    return { name: name.toLowerCase(), value: isQuoted ? spelled.slice(1, -1) : spelled, at };
  });
}

/** Behind the `>` that ends the tag; one in quotes does not. A `<` outside quotes means that this was none. */
function tagEnd(shown: string, from: number): { readonly end: number; readonly isTag: boolean } {
  let quote = '';
  let at = from;
  for (; at < shown.length && at - from < LONGEST_TAG; at++) {
    const character = shown[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return { end: at + 1, isTag: true };
    else if (character === '<') break;
  }
  return { end: at, isTag: false };
}

/** The next `</name>` behind an offset. Offsets ascend, so a closing tag that is still ahead is not searched again. */
function createClosingFinder(
  shown: string,
): (name: string, from: number) => { start: number; end: number } | undefined {
  const lower = shown.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const known = new Map<string, number>();
  return (name, from) => {
    let start = known.get(name);
    if (start === undefined || (start >= 0 && start < from)) start = lower.indexOf(`</${name}`, from);
    known.set(name, start);
    if (start < 0) return undefined;
    const close = lower.indexOf('>', start);
    return { start, end: close < 0 ? shown.length : close + 1 };
  };
}

const IMAGE = /!\[([^[\]\n]{1,500})\]\(/g;

function findImages(shown: string, text: string): readonly MarkdownHidden[] {
  return [...shown.matchAll(IMAGE)].flatMap(({ 0: whole, 1: words = '', index }) => {
    if (countWords(words) < FEWEST_WORDS) return [];
    const content = { start: index + 2, end: index + 2 + words.length };
    return [describeHidden(text, 'alternative', { start: index, end: index + whole.length }, content)];
  });
}

export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}
