import { parse, TomlError } from 'smol-toml';
import { createGapList, exceedsBytes, type GapList } from './gap-list.ts';
import { createLineIndex } from './line-index.ts';
import type { Node, Reading, ScalarNode } from './node.ts';
import { READING_LIMITS } from './reading-limits.ts';
import { createEmptyScalar, createPlainScalar, createScalar } from './scalar-node.ts';
import type { SourceFile } from './source.ts';
import { mapTomlString, scanTomlString } from './toml-string.ts';
import { type TomlTable, TomlTables } from './toml-tables.ts';

/**
 * TOML 1.0. The library decides whether the file is valid (a fault is a gap); it knows no positions, so the tree is
 * read here, tolerantly, statement by statement. Dates are text. Never throws.
 */
export function readToml(file: SourceFile): Reading {
  const gaps = createGapList(file);
  if (exceedsBytes(file, gaps)) return { root: undefined, gaps: gaps.gaps };
  const text = file.text.replace(/^\ufeff/, ' ');
  const root = new TomlReader(text, gaps).read();
  if (gaps.gaps.length === 0) checkValidity(text, gaps);
  return { root, gaps: gaps.gaps };
}

function checkValidity(text: string, gaps: GapList): void {
  try {
    parse(text);
  } catch (fault) {
    const message = fault instanceof Error ? (fault.message.split('\n')[0] ?? '') : 'it cannot be read';
    const at = fault instanceof TomlError ? createLineIndex(text).offset(fault.line, fault.column) : 0;
    gaps.note(fault instanceof RangeError ? 'cap' : 'syntax', message, at);
  }
}

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const BLANKS = /[ \t]*/y;
const BLANK_LINES = /(?:[ \t\r\n]|#[^\n]*)*/y;
const BARE_VALUE = /[^,\]}#\r\n]*/y;
const INTEGER = /^[+-]?(?:\d[\d_]*|0x[\da-fA-F_]+|0o[0-7_]+|0b[01_]+)$/;
const DATE = /^(?:\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d[\d:.]{0,20}(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d[\d:.]{0,20})$/;
const FLOAT = /^[+-]?\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?$/;

class TomlReader {
  readonly #text: string;
  readonly #gaps: GapList;
  readonly #tables: TomlTables;
  #at = 0;
  #nodes = 0;

  constructor(text: string, gaps: GapList) {
    this.#text = text;
    this.#gaps = gaps;
    this.#tables = new TomlTables(gaps);
  }

  read(): Node {
    let table: TomlTable | undefined = this.#tables.root;
    for (this.#pass(BLANK_LINES); this.#at < this.#text.length; this.#pass(BLANK_LINES)) {
      if (this.#nodes > READING_LIMITS.nodes) {
        const message = `more than ${READING_LIMITS.nodes} nodes: the rest was not read`;
        this.#gaps.note('cap', message, this.#at, this.#text.length);
        break;
      }
      const start = this.#at;
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#assignment(table);
      this.#endStatement(start);
    }
    this.#tables.root.span.end = this.#text.length;
    return this.#tables.root;
  }

  #pass(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #accept(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** Only a comment may follow on the line; anything else is passed over. */
  #endStatement(start: number): void {
    this.#pass(BLANKS);
    const lineEnd = this.#text.indexOf('\n', this.#at);
    const end = lineEnd < 0 ? this.#text.length : lineEnd;
    const rest = this.#text[this.#at];
    if (this.#at < end && rest !== '#' && rest !== '\r') this.#gaps.note('syntax', 'this is not TOML', this.#at, end);
    if (this.#at < end || this.#at === start) this.#at = end;
  }

  #header(): TomlTable | undefined {
    const start = this.#at;
    const isList = this.#accept('[[');
    if (!isList) this.#accept('[');
    const keys = this.#keys();
    if (!this.#accept(isList ? ']]' : ']')) {
      this.#gaps.note('syntax', 'a closing bracket is missing', this.#at);
    }
    if (keys.length === 0) return undefined;
    return isList ? this.#tables.append(keys, start, this.#at) : this.#tables.open(keys, this.#at);
  }

  #assignment(table: TomlTable | undefined): void {
    const keys = this.#keys();
    if (keys.length === 0 || !this.#accept('=')) {
      this.#gaps.note('syntax', 'this is not TOML', this.#at);
      return;
    }
    this.#pass(BLANKS);
    const value = this.#value(1);
    if (table !== undefined) this.#tables.assign(table, keys, value);
  }

  /** `a."b.c".d`, with the blanks around it. */
  #keys(): readonly ScalarNode[] {
    const keys: ScalarNode[] = [];
    do {
      this.#pass(BLANKS);
      const key = this.#key();
      if (key === undefined) return [];
      keys.push(key);
      this.#nodes += 1;
      this.#pass(BLANKS);
    } while (this.#accept('.'));
    return keys;
  }

  #key(): ScalarNode | undefined {
    const start = this.#at;
    if (this.#text[start] === '"' || this.#text[start] === "'") return this.#string();
    const word = this.#pass(BARE_KEY);
    return word === '' ? undefined : createPlainScalar(this.#text, { start, end: this.#at }, word);
  }

  #string(): ScalarNode {
    const found = scanTomlString(this.#text, this.#at);
    if (found.open) this.#gaps.note('syntax', 'a closing quote is missing', found.span.start, found.span.end);
    this.#at = found.span.end;
    const mapped = mapTomlString(this.#text, found);
    const style = found.quote === '"' ? 'double' : 'single';
    return createScalar({ span: found.span, value: mapped.text, text: mapped.text, style, map: () => mapped });
  }

  #value(depth: number): Node {
    this.#nodes += 1;
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"' || first === "'") return this.#string();
    if (first === '[' || first === '{') {
      if (depth > READING_LIMITS.depth || this.#nodes > READING_LIMITS.nodes) return this.#abandon(start);
      return first === '[' ? this.#list(depth) : this.#inlineTable(depth);
    }
    const word = this.#pass(BARE_VALUE).trimEnd();
    this.#at = start + word.length;
    const value = plainValue(word);
    if (typeof value === 'string' && !DATE.test(word))
      this.#gaps.note('syntax', 'this is not a value', start, this.#at);
    return createPlainScalar(this.#text, { start, end: this.#at }, value);
  }

  #list(depth: number): Node {
    const start = this.#at;
    const items: Node[] = [];
    this.#accept('[');
    for (this.#pass(BLANK_LINES); !this.#accept(']'); this.#pass(BLANK_LINES)) {
      const before = this.#at;
      if (before < this.#text.length) items.push(this.#value(depth + 1));
      this.#pass(BLANK_LINES);
      if (!this.#accept(',') && this.#text[this.#at] !== ']') {
        this.#gaps.note('syntax', 'a comma or a closing bracket is missing', this.#at);
        break;
      }
    }
    return { kind: 'list', span: { start, end: this.#at }, items, tag: undefined };
  }

  #inlineTable(depth: number): Node {
    const start = this.#at;
    const table = this.#tables.createTable(start, start);
    this.#accept('{');
    for (this.#pass(BLANK_LINES); !this.#accept('}'); this.#pass(BLANK_LINES)) {
      const keys = this.#keys();
      if (keys.length === 0 || !this.#accept('=')) {
        this.#gaps.note('syntax', 'a key or a closing bracket is missing', this.#at);
        break;
      }
      this.#pass(BLANKS);
      this.#tables.assign(table, keys, this.#value(depth + 1));
      this.#pass(BLANK_LINES);
      if (!this.#accept(',') && this.#text[this.#at] !== '}') {
        this.#gaps.note('syntax', 'a comma or a closing bracket is missing', this.#at);
        break;
      }
    }
    table.span.end = this.#at;
    return table;
  }

  /** What is nested too deeply is not read, nor is what stands behind it: the end cannot be found without reading. */
  #abandon(start: number): Node {
    this.#gaps.note('cap', `nested deeper than ${READING_LIMITS.depth} levels`, start, this.#text.length);
    this.#at = this.#text.length;
    return createEmptyScalar(start);
  }
}

function plainValue(word: string): ScalarNode['value'] {
  if (word === 'true' || word === 'false') return word === 'true';
  const digits = word.replaceAll('_', '');
  if (INTEGER.test(word) || FLOAT.test(word)) return Number(digits);
  if (/^[+-]?inf$/.test(word)) return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?nan$/.test(word) ? Number.NaN : word;
}
