import { isAlias, isMap, isScalar, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { GapList } from './gap-list.ts';
import type { ListNode, MapEntry, MapNode, Node, ScalarNode } from './node.ts';
import { READING_LIMITS } from './reading-limits.ts';
import { mapScalar } from './scalar-layout.ts';
import { createDirectScalar, createEmptyScalar, createPlainScalar, createScalar } from './scalar-node.ts';
import type { Span } from './source.ts';
import { isMergeKey, mergeEntries } from './yaml-merge.ts';

/** Size with everything that aliases stand for, and levels below. */
interface Measure {
  readonly size: number;
  readonly height: number;
}

const STYLES: { readonly [type: string]: ScalarNode['style'] } = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** Quotation marks at either end. */
const QUOTES: { readonly [style in ScalarNode['style']]?: number } = { plain: 0, single: 1, double: 1 };

/** Builds our tree of one document. Depth was cut before, so the recursion is bounded. */
export class YamlTreeBuilder {
  readonly #text: string;
  readonly #gaps: GapList;
  /** An anchor whose node is still being read has no node yet. */
  readonly #anchors = new Map<string, Node | undefined>();
  readonly #measures = new Map<Node, Measure>();
  #expanded = 0;

  /** `text`: the file's text with every lone CR made an LF. */
  constructor(text: string, gaps: GapList) {
    this.#text = text;
    this.#gaps = gaps;
  }

  build(node: ParsedNode, depth: number): Node {
    if (isAlias(node)) return this.#resolve(node.source, spanOf(node), depth);
    this.#expanded += 1;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    const built = isScalar(node) ? this.#scalar(node) : isMap(node) ? this.#map(node, depth) : this.#list(node, depth);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, built);
    return built;
  }

  #scalar(node: Scalar.Parsed): ScalarNode {
    const span = spanOf(node);
    const style = STYLES[node.type ?? ''] ?? 'plain';
    const value = plainValue(node);
    const quotes = QUOTES[style];
    if (value !== null && quotes !== undefined && node.source.length === span.end - span.start - 2 * quotes) {
      return createDirectScalar({ span, value, text: node.source, style, tag: node.tag }, span.start + quotes);
    }
    return this.#mappedScalar(node, { span, style, value });
  }

  /** A scalar that is spelled otherwise than it reads: escapes, folded lines, blocks. */
  #mappedScalar(node: Scalar.Parsed, { span, style, value }: Pick<ScalarNode, 'span' | 'style' | 'value'>): ScalarNode {
    const token = node.srcToken;
    const parentIndent = token?.type === 'block-scalar' ? token.indent : 0;
    const map = () => mapScalar(this.#text, { style, span, parentIndent });
    if (value === null) return createScalar({ span, value, text: '', style, tag: node.tag, map });
    // The library ends a block with a line break even where the file ends without one.
    const isCut = token?.type === 'block-scalar' && span.end === this.#text.length && !this.#text.endsWith('\n');
    if (!isCut) return createScalar({ span, value, text: node.source, style, tag: node.tag, map });
    const { text } = map();
    return createScalar({ span, value: value === node.source ? text : value, text, style, tag: node.tag, map });
  }

  #list(node: YAMLSeq.Parsed, depth: number): ListNode {
    const items: Node[] = [];
    for (const item of node.items) if (!('key' in item)) items.push(this.build(item, depth + 1));
    return { kind: 'list', span: this.#trim(spanOf(node)), items, tag: node.tag };
  }

  #map(node: YAMLMap.Parsed, depth: number): MapNode {
    const own: MapEntry[] = [];
    const merged: Node[] = [];
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = this.#key(pair.key, depth);
      const value = pair.value === null ? createEmptyScalar(key.span.end) : this.build(pair.value, depth + 1);
      const end = pair.value === null ? key.span.end : this.#trim(spanOf(pair.value)).end;
      if (isMergeKey(key.text, value)) {
        if (this.#affords(value, depth, key.span)) merged.push(value);
        continue;
      }
      if (seen.has(key.text))
        this.#gaps.note('syntax', `key '${key.text}' is written twice`, key.span.start, key.span.end);
      seen.add(key.text);
      const span = { start: pair.key.range[0], end: Math.max(end, key.span.end) };
      own.push({ key, value, span, aliased: isAlias(pair.value) });
    }
    return { kind: 'map', span: this.#trim(spanOf(node)), entries: mergeEntries(merged, own), tag: node.tag };
  }

  /** Keys that are no text (`? [a, b]`, or `{{ name }}` of a template) count as the text they are written in. */
  #key(node: ParsedNode, depth: number): ScalarNode {
    const key = this.build(node, depth + 1);
    const isKnown = isAlias(node) && this.#anchors.get(node.source) !== undefined;
    if (key.kind === 'scalar') return isKnown ? placeAt(key, spanOf(node)) : key;
    const span = this.#trim(spanOf(node));
    this.#gaps.note('syntax', 'a key must be text', span.start, span.end);
    return createPlainScalar(this.#text, span, this.#text.slice(span.start, span.end));
  }

  #resolve(name: string, span: Span, depth: number): Node {
    const target = this.#anchors.get(name);
    if (target !== undefined) return this.#affords(target, depth, span) ? target : createEmptyScalar(span.start);
    const message = this.#anchors.has(name) ? `anchor '${name}' contains itself` : `there is no anchor '${name}'`;
    this.#gaps.note('unresolved', message, span.start, span.end);
    const written = { start: span.start, end: this.#endOfWord(span.end) };
    return createPlainScalar(this.#text, written, this.#text.slice(written.start, written.end));
  }

  /** Rules of editors write `globs: *.ts,*.tsx`: no alias at all, and one word to whoever wrote it. */
  #endOfWord(end: number): number {
    if (this.#text[end] !== ',') return end;
    let last = end;
    while (last < this.#text.length && !' \t\r\n]}'.includes(this.#text[last] ?? '')) last++;
    return last;
  }

  /** May the tree hold this node once more? Stops an exponential expansion ("billion laughs"). */
  #affords(node: Node, depth: number, span: Span): boolean {
    const { size, height } = this.#measure(node);
    if (this.#expanded + size > READING_LIMITS.nodes || depth + height > READING_LIMITS.depth) {
      this.#gaps.note('cap', 'this alias stands for too much', span.start, span.end);
      return false;
    }
    this.#expanded += size;
    return true;
  }

  #measure(node: Node): Measure {
    if (node.kind === 'scalar') return { size: 1, height: 0 };
    const known = this.#measures.get(node);
    if (known !== undefined) return known;
    let size = 1;
    let height = 0;
    for (const child of node.kind === 'list' ? node.items : node.entries.map((entry) => entry.value)) {
      const below = this.#measure(child);
      size += below.size;
      height = Math.max(height, below.height + 1);
    }
    this.#measures.set(node, { size, height });
    return { size, height };
  }

  /** The library counts the line breaks behind a block collection to it. */
  #trim({ start, end }: Span): Span {
    let last = end;
    while (last > start && ' \t\r\n'.includes(this.#text[last - 1] ?? '')) last--;
    return { start, end: last };
  }
}

function spanOf(node: ParsedNode): Span {
  return { start: node.range[0], end: node.range[1] };
}

/** A key that an alias stands for: all of its text is where the alias is, not where the anchor was. */
function placeAt(key: ScalarNode, span: Span): ScalarNode {
  return { ...key, span, offsetOf: (index) => (index < key.text.length ? span.start : span.end) };
}

function plainValue({ value }: Scalar.Parsed): ScalarNode['value'] {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}
