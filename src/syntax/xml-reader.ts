import { createGapList, exceedsBytes, type GapList } from './gap-list.ts';
import type { MapEntry, Node, Reading, ScalarNode } from './node.ts';
import { createOffsetMapBuilder, type OffsetMap } from './offset-map.ts';
import { READING_LIMITS } from './reading-limits.ts';
import { createDirectScalar, createScalar } from './scalar-node.ts';
import type { SourceFile, Span } from './source.ts';

/**
 * XML as configuration files use it: an element is a map of its attributes and children, once for each time it is written,
 * or its text where it has nothing else. No entity but the five of the language is resolved, no document type is read,
 * nothing is fetched. Tolerant; never throws; one pass with a stack of its own.
 */
export function readXml(file: SourceFile): Reading {
  const gaps = createGapList(file);
  if (exceedsBytes(file, gaps)) return { root: undefined, gaps: gaps.gaps };
  return { root: new XmlReader(file.text, gaps).read(), gaps: gaps.gaps };
}

const NAME = /[\p{L}_:][\p{L}\p{N}_:.-]{0,300}/uy;
const BLANKS = /\s*/y;

interface OpenElement {
  readonly name: ScalarNode | undefined;
  readonly start: number;
  readonly bodyStart: number;
  readonly entries: MapEntry[];
  /** Where its first text stands. */
  text: { readonly start: number; readonly end: number } | undefined;
}

class XmlReader {
  readonly #text: string;
  readonly #gaps: GapList;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #nodes = 0;

  constructor(text: string, gaps: GapList) {
    this.#text = text;
    this.#gaps = gaps;
  }

  read(): Node {
    const root: OpenElement = { name: undefined, start: 0, bodyStart: 0, entries: [], text: undefined };
    this.#open.push(root);
    while (this.#at < this.#text.length) {
      if (this.#nodes > READING_LIMITS.nodes || this.#open.length > READING_LIMITS.depth) {
        const what = this.#nodes > READING_LIMITS.nodes ? 'too many nodes' : 'nested too deeply';
        this.#gaps.note('cap', `${what}: the rest was not read`, this.#at, this.#text.length);
        break;
      }
      this.#step();
    }
    if (this.#open.length > 1 && this.#gaps.gaps.length === 0)
      this.#gaps.note('syntax', 'an element is not closed', this.#open.at(-1)?.start ?? 0);
    while (this.#open.length > 1) this.#close(this.#text.length);
    return { kind: 'map', span: { start: 0, end: this.#text.length }, entries: root.entries, tag: undefined };
  }

  #step(): void {
    const mark = this.#text.indexOf('<', this.#at);
    const end = mark < 0 ? this.#text.length : mark;
    this.#note(this.#at, end);
    this.#at = end;
    if (mark < 0) return;
    if (this.#text.startsWith('<!--', mark)) this.#passTo('-->', 4);
    else if (this.#text.startsWith('<![CDATA[', mark)) {
      this.#passTo(']]>', 9);
      this.#note(mark + 9, Math.max(this.#at - 3, mark + 9));
    } else if (this.#text.startsWith('<?', mark)) this.#passTo('?>', 2);
    else if (this.#text.startsWith('<!', mark)) this.#passDeclaration();
    else if (this.#text.startsWith('</', mark)) this.#endTag();
    else this.#startTag();
  }

  /** Text of the element that is open. */
  #note(start: number, end: number): void {
    const element = this.#open.at(-1);
    const piece = this.#text.slice(start, end);
    const text = piece.trim();
    if (element === undefined || text === '' || element.text !== undefined) return;
    const from = start + piece.length - piece.trimStart().length;
    element.text = { start: from, end: from + text.length };
  }

  #passTo(mark: string, skip: number): void {
    const found = this.#text.indexOf(mark, this.#at + skip);
    if (found < 0) this.#gaps.note('syntax', `${mark} is missing`, this.#at);
    this.#at = found < 0 ? this.#text.length : found + mark.length;
  }

  /** A document type, with the declarations in its brackets. */
  #passDeclaration(): void {
    const close = this.#text.indexOf('>', this.#at);
    const bracket = this.#text.slice(this.#at, Math.max(close, this.#at)).indexOf('[');
    if (bracket >= 0) this.#passTo(']', bracket);
    this.#passTo('>', 0);
  }

  #endTag(): void {
    const start = this.#at;
    const name = this.#name(start + 2);
    this.#passTo('>', 2);
    const depth = this.#open.findLastIndex((element) => element.name !== undefined && element.name.text === name?.text);
    if (depth < 1) this.#gaps.note('syntax', 'nothing of this name is open', start, this.#at);
    else while (this.#open.length > depth) this.#close(start);
  }

  #startTag(): void {
    const start = this.#at;
    const name = this.#name(start + 1);
    if (name === undefined) {
      this.#at = start + 1;
      this.#gaps.note('syntax', 'this is not XML', start, start + 1);
      return;
    }
    this.#nodes += 1;
    this.#at = name.span.end;
    const entries = this.#attributes();
    const isEmpty = this.#text[this.#at] === '/';
    this.#passTo('>', 0);
    this.#open.push({ name, start, bodyStart: this.#at, entries, text: undefined });
    if (isEmpty) this.#close(this.#at);
  }

  #attributes(): MapEntry[] {
    const entries: MapEntry[] = [];
    for (this.#passBlanks(); this.#at < this.#text.length; this.#passBlanks()) {
      const start = this.#at;
      const key = this.#name(start);
      if (key === undefined || this.#nodes > READING_LIMITS.nodes) return entries;
      this.#at = key.span.end;
      this.#passBlanks();
      if (this.#text[this.#at] !== '=') continue;
      this.#at += 1;
      this.#passBlanks();
      const quote = this.#text[this.#at];
      if (quote !== '"' && quote !== "'") return entries;
      const found = this.#text.indexOf(quote, this.#at + 1);
      const end = found < 0 ? this.#text.length : found;
      const value = this.#scalar(this.#at + 1, end);
      this.#at = Math.min(end + 1, this.#text.length);
      this.#nodes += 1;
      entries.push({ key, value, span: { start, end: this.#at }, aliased: false });
    }
    return entries;
  }

  #close(end: number): void {
    const element = this.#open.pop();
    const parent = this.#open.at(-1);
    if (element?.name === undefined || parent === undefined) return;
    const span = { start: element.start, end: Math.max(this.#at, end) };
    const text = element.text && this.#scalar(element.text.start, element.text.end);
    const value: Node =
      text && element.entries.length === 0
        ? text
        : { kind: 'map', span, entries: text ? [...element.entries, asText(text)] : element.entries, tag: undefined };
    parent.entries.push({ key: element.name, value, span, aliased: false });
  }

  #name(start: number): ScalarNode | undefined {
    NAME.lastIndex = start;
    const text = NAME.exec(this.#text)?.[0];
    if (text === undefined) return undefined;
    const span = { start, end: start + text.length };
    return createDirectScalar({ span, value: text, text, style: 'plain' }, start);
  }

  #scalar(start: number, end: number): ScalarNode {
    const span = { start, end };
    const written = this.#text.slice(start, end);
    const text = written.replace(ENTITY, (whole, name: string) => ENTITIES[name] ?? whole);
    if (text === written) return createDirectScalar({ span, value: text, text, style: 'plain' }, start);
    return createScalar({ span, value: text, text, style: 'plain', map: () => mapEntities(this.#text, span) });
  }

  #passBlanks(): void {
    BLANKS.lastIndex = this.#at;
    this.#at += BLANKS.exec(this.#text)?.[0].length ?? 0;
  }
}

const ENTITY = /&(lt|gt|amp|quot|apos);/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Where each character of a text with entities came from. */
function mapEntities(source: string, { start, end }: Span): OffsetMap {
  const builder = createOffsetMapBuilder(source, start);
  let from = start;
  for (const { 0: whole, 1: name = '', index } of source.slice(start, end).matchAll(ENTITY)) {
    const at = start + index;
    builder.copy(from, at);
    from = at + whole.length;
    builder.write(ENTITIES[name] ?? whole, at, from);
  }
  builder.copy(from, end);
  return builder.build();
}

/** Text beside attributes or children. */
function asText(value: ScalarNode): MapEntry {
  const { span } = value;
  return {
    key: createDirectScalar({ span, value: 'text', text: 'text', style: 'plain' }, span.start),
    value,
    span,
    aliased: false,
  };
}
