import { createScanner, type JSONScanner } from 'jsonc-parser';
import { createGapList, exceedsBytes, type GapList } from './gap-list.ts';
import { mapJsonString } from './json-string.ts';
import { JSON_TOKEN } from './json-token.ts';
import type { MapEntry, Node, Reading, ScalarNode } from './node.ts';
import { READING_LIMITS } from './reading-limits.ts';
import { createEmptyScalar, createPlainScalar, createScalar } from './scalar-node.ts';
import type { SourceFile, Span } from './source.ts';

/**
 * JSON, with comments and trailing commas as editors and most agents take it (`strict`: they are gaps). Never throws;
 * reads on behind a fault as far as the brackets allow.
 */
export function readJson(file: SourceFile, options: { readonly strict?: boolean } = {}): Reading {
  const gaps = createGapList(file);
  if (exceedsBytes(file, gaps)) return { root: undefined, gaps: gaps.gaps };
  const reader = new JsonReader(file.text.replace(/^\ufeff/, ' '), gaps, options.strict === true);
  return { root: reader.read(), gaps: gaps.gaps };
}

class JsonReader {
  readonly #text: string;
  readonly #gaps: GapList;
  readonly #strict: boolean;
  readonly #scanner: JSONScanner;
  #kind: number = JSON_TOKEN.Unknown;
  #nodes = 0;

  constructor(text: string, gaps: GapList, strict: boolean) {
    this.#text = text;
    this.#gaps = gaps;
    this.#strict = strict;
    this.#scanner = createScanner(text, false);
  }

  read(): Node | undefined {
    this.#next();
    if (this.#is(JSON_TOKEN.EOF)) return undefined;
    const root = this.#value(1);
    if (!this.#is(JSON_TOKEN.EOF)) this.#fault('there is text behind the value');
    return root;
  }

  #is(kind: number): boolean {
    return this.#kind === kind;
  }

  #span(): Span {
    const start = this.#scanner.getTokenOffset();
    return { start, end: start + this.#scanner.getTokenLength() };
  }

  #fault(message: string, { start, end } = this.#span()): void {
    this.#gaps.note('syntax', message, start, end);
  }

  /** Moves to the next token that is neither blank nor comment. */
  #next(): void {
    for (;;) {
      this.#kind = this.#scanner.scan();
      const isComment = this.#is(JSON_TOKEN.LineCommentTrivia) || this.#is(JSON_TOKEN.BlockCommentTrivia);
      if (isComment && this.#strict) this.#fault('a comment');
      if (this.#scanner.getTokenError() !== 0) this.#fault('this is not JSON');
      if (!isComment && !this.#is(JSON_TOKEN.LineBreakTrivia) && !this.#is(JSON_TOKEN.Trivia)) return;
    }
  }

  #value(depth: number): Node {
    const span = this.#span();
    if (++this.#nodes > READING_LIMITS.nodes) return this.#abandon(span);
    if (this.#is(JSON_TOKEN.OpenBraceToken) || this.#is(JSON_TOKEN.OpenBracketToken)) {
      if (depth > READING_LIMITS.depth) return this.#skip(span);
      return this.#is(JSON_TOKEN.OpenBraceToken) ? this.#map(depth) : this.#list(depth);
    }
    if (this.#is(JSON_TOKEN.StringLiteral)) return this.#string();
    const word = this.#text.slice(span.start, span.end);
    const value = LITERALS.get(this.#kind)?.(word);
    if (value === undefined && !this.#is(JSON_TOKEN.Unknown)) {
      this.#fault('a value is missing');
      return createEmptyScalar(span.start);
    }
    if (value === undefined) this.#fault('this is not JSON');
    this.#next();
    return createPlainScalar(this.#text, span, value === undefined ? word : value);
  }

  #string(): ScalarNode {
    const span = this.#span();
    const map = () => mapJsonString(this.#text, span);
    const scalar = createScalar({
      span,
      value: this.#scanner.getTokenValue(),
      text: this.#scanner.getTokenValue(),
      style: 'double',
      map,
    });
    this.#next();
    return scalar;
  }

  #list(depth: number): Node {
    const { start } = this.#span();
    const items: Node[] = [];
    this.#next();
    while (!this.#atEnd(JSON_TOKEN.CloseBracketToken)) {
      items.push(this.#value(depth + 1));
      this.#separator(JSON_TOKEN.CloseBracketToken);
    }
    return { kind: 'list', span: { start, end: this.#close(JSON_TOKEN.CloseBracketToken) }, items, tag: undefined };
  }

  #map(depth: number): Node {
    const { start } = this.#span();
    const entries: MapEntry[] = [];
    const seen = new Set<string>();
    this.#next();
    while (!this.#atEnd(JSON_TOKEN.CloseBraceToken)) {
      const entry = this.#entry(depth);
      if (entry === undefined) continue;
      if (seen.has(entry.key.text)) this.#fault(`key '${entry.key.text}' is written twice`, entry.key.span);
      seen.add(entry.key.text);
      entries.push(entry);
      this.#separator(JSON_TOKEN.CloseBraceToken);
    }
    return { kind: 'map', span: { start, end: this.#close(JSON_TOKEN.CloseBraceToken) }, entries, tag: undefined };
  }

  #entry(depth: number): MapEntry | undefined {
    if (!this.#is(JSON_TOKEN.StringLiteral)) {
      this.#fault('a key must be a string');
      this.#next();
      return undefined;
    }
    const key = this.#string();
    if (this.#is(JSON_TOKEN.ColonToken)) this.#next();
    else this.#fault('a colon is missing');
    const value = this.#value(depth + 1);
    return { key, value, span: { start: key.span.start, end: Math.max(key.span.end, value.span.end) }, aliased: false };
  }

  /** A closing bracket of the other kind ends the collection too, so that a slip costs one level only. */
  #atEnd(close: number): boolean {
    if (this.#is(close) || this.#is(JSON_TOKEN.EOF)) return true;
    return this.#is(JSON_TOKEN.CloseBraceToken) || this.#is(JSON_TOKEN.CloseBracketToken);
  }

  #separator(close: number): void {
    if (!this.#is(JSON_TOKEN.CommaToken)) {
      if (this.#atEnd(close)) return;
      this.#fault('a comma is missing');
      if (this.#is(JSON_TOKEN.ColonToken)) this.#next();
      return;
    }
    const comma = this.#span();
    this.#next();
    if (this.#strict && this.#atEnd(close)) this.#fault('a trailing comma', comma);
  }

  #close(close: number): number {
    const span = this.#span();
    if (!this.#is(close)) this.#fault('a closing bracket is missing');
    if (this.#is(JSON_TOKEN.EOF)) return span.start;
    this.#next();
    return span.end;
  }

  /** Passes over a value that is nested too deeply, without recursion. */
  #skip({ start }: Span): Node {
    this.#gaps.note('cap', `nested deeper than ${READING_LIMITS.depth} levels`, start);
    let open = 0;
    do {
      if (this.#is(JSON_TOKEN.OpenBraceToken) || this.#is(JSON_TOKEN.OpenBracketToken)) open++;
      if (this.#is(JSON_TOKEN.CloseBraceToken) || this.#is(JSON_TOKEN.CloseBracketToken)) open--;
      this.#next();
    } while (open > 0 && !this.#is(JSON_TOKEN.EOF));
    return createEmptyScalar(start);
  }

  #abandon({ start }: Span): Node {
    this.#gaps.note('cap', `more than ${READING_LIMITS.nodes} nodes: the rest was not read`, start, this.#text.length);
    this.#scanner.setPosition(this.#text.length);
    this.#next();
    return createEmptyScalar(start);
  }
}

const LITERALS = new Map<number, (word: string) => ScalarNode['value']>([
  [JSON_TOKEN.NullKeyword, () => null],
  [JSON_TOKEN.TrueKeyword, () => true],
  [JSON_TOKEN.FalseKeyword, () => false],
  [JSON_TOKEN.NumericLiteral, Number],
]);
