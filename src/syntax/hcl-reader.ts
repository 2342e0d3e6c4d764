import { createGapList, exceedsBytes, type GapList } from './gap-list.ts';
import { scanExpression, scanHereDocument, scanTemplate, skipBlanks } from './hcl-scan.ts';
import type { MapEntry, Node, Reading, ScalarNode } from './node.ts';
import { createOffsetMapBuilder, type OffsetMap } from './offset-map.ts';
import { READING_LIMITS } from './reading-limits.ts';
import { createDirectScalar, createEmptyScalar, createPlainScalar, createScalar } from './scalar-node.ts';
import type { SourceFile } from './source.ts';

/**
 * HCL's native syntax, as Terraform, OpenTofu, Packer, Nomad and Vault write it (HCL Native Syntax Specification). A block
 * with its labels is a map in maps, as HCL's JSON form has it: `resource "a" "b" { … }` stands at `resource.a.b`, once for
 * each time it is written. Literals, lists, objects and the arguments of functions that only convert are read; of any
 * other expression the text is kept. Tolerant; never throws; one pass.
 */
export function readHcl(file: SourceFile): Reading {
  const gaps = createGapList(file);
  if (exceedsBytes(file, gaps)) return { root: undefined, gaps: gaps.gaps };
  const root = new HclReader(file.text.replace(/^\ufeff/, ' '), gaps).read();
  return { root, gaps: gaps.gaps };
}

const NAME = /[\p{L}_][\p{L}\p{N}_-]{0,300}/uy;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const CALL = /([a-z][a-z0-9_]{0,40})\(/y;
/** Functions whose value is that of their arguments in another type, or all of them together. */
const CONVERTS: ReadonlySet<string> = new Set([
  ...['jsonencode', 'yamlencode', 'toset', 'tolist', 'tomap', 'tostring', 'tobool', 'tonumber'],
  ...['sensitive', 'nonsensitive', 'concat', 'flatten', 'distinct', 'compact', 'sort', 'merge'],
]);

class HclReader {
  readonly #text: string;
  readonly #gaps: GapList;
  #at = 0;
  #nodes = 0;

  constructor(text: string, gaps: GapList) {
    this.#text = text;
    this.#gaps = gaps;
  }

  read(): Node {
    return { kind: 'map', span: { start: 0, end: this.#text.length }, entries: this.#entries(0), tag: undefined };
  }

  /** The attributes and blocks up to the bracket that closes a body, or to the end of the file. */
  #entries(depth: number): readonly MapEntry[] {
    const entries: MapEntry[] = [];
    for (this.#skip(true); this.#at < this.#text.length; this.#skip(true)) {
      if (this.#nodes > READING_LIMITS.nodes) return this.#stop(`more than ${READING_LIMITS.nodes} nodes`, entries);
      if (this.#accept('}')) {
        if (depth > 0) return entries;
        this.#gaps.note('syntax', 'nothing is open here', this.#at - 1, this.#at);
        continue;
      }
      const entry = this.#statement(depth);
      if (entry !== undefined) entries.push(entry);
      else this.#passLine();
    }
    if (depth > 0) this.#gaps.note('syntax', 'a closing bracket is missing', this.#text.length);
    return entries;
  }

  #statement(depth: number): MapEntry | undefined {
    const start = this.#at;
    const key = this.#name();
    if (key === undefined) return undefined;
    this.#skip(false);
    if (this.#text[this.#at] === '=' && this.#text[this.#at + 1] !== '=') {
      this.#at++;
      const value = this.#value(depth + 1, true);
      return { key, value, span: { start, end: this.#at }, aliased: false };
    }
    const labels: ScalarNode[] = [];
    for (let label = this.#name(); label !== undefined; label = this.#name()) {
      labels.push(label);
      this.#skip(false);
    }
    return this.#accept('{') ? this.#block(key, labels, start, depth) : undefined;
  }

  #block(key: ScalarNode, labels: readonly ScalarNode[], start: number, depth: number): MapEntry | undefined {
    const bodyStart = this.#at - 1;
    if (depth + labels.length >= READING_LIMITS.depth) {
      this.#stop(`nested deeper than ${READING_LIMITS.depth} levels`, []);
      return undefined;
    }
    const entries = this.#entries(depth + 1);
    const end = this.#at;
    let value: Node = { kind: 'map', span: { start: bodyStart, end }, entries, tag: undefined };
    for (const label of labels.toReversed()) {
      const span = { start: label.span.start, end };
      value = { kind: 'map', span, entries: [{ key: label, value, span, aliased: false }], tag: undefined };
    }
    return { key, value, span: { start, end }, aliased: false };
  }

  /** A name, or one in quotes. */
  #name(): ScalarNode | undefined {
    this.#nodes += 1;
    if (this.#text[this.#at] === '"') return this.#template();
    const start = this.#at;
    NAME.lastIndex = start;
    const found = NAME.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return createPlainScalar(this.#text, { start, end: this.#at }, found);
  }

  /** @param lines a line break ends it: so in bodies and objects, not in lists and arguments. */
  #value(depth: number, lines: boolean): Node {
    this.#nodes += 1;
    this.#skip(!lines);
    const start = this.#at;
    if (depth > READING_LIMITS.depth || this.#nodes > READING_LIMITS.nodes) {
      this.#stop(depth > READING_LIMITS.depth ? 'nested too deeply' : `more than ${READING_LIMITS.nodes} nodes`, []);
      return createEmptyScalar(start);
    }
    const value = this.#structure(depth);
    const read = this.#at;
    this.#skip(!lines);
    const next = this.#text[this.#at];
    const isWhole = next === undefined || next === '\n' || next === ',' || next === ']' || next === '}' || next === ')';
    if (value !== undefined && isWhole) {
      this.#at = read;
      return value;
    }
    this.#at = scanExpression(this.#text, read, lines);
    return this.#plain(start);
  }

  /** A value of which the parts are read; undefined where only its text is kept. */
  #structure(depth: number): Node | undefined {
    const first = this.#text[this.#at];
    if (first === '"') return this.#template();
    if (first === '<') return this.#hereDocument();
    if (first !== '[' && first !== '{') return this.#conversion(depth);
    if (/^.\s{0,200}for\s/.test(this.#text.slice(this.#at, this.#at + 210))) return undefined;
    return first === '[' ? this.#list(depth, ']') : this.#object(depth);
  }

  #conversion(depth: number): Node | undefined {
    CALL.lastIndex = this.#at;
    const call = CALL.exec(this.#text);
    if (call === null || !CONVERTS.has(call[1] ?? '')) return undefined;
    this.#at += call[0].length - 1;
    const list = this.#list(depth, ')');
    return list.kind === 'list' && list.items.length === 1 ? list.items[0] : list;
  }

  #list(depth: number, close: ']' | ')'): Node {
    const start = this.#at++;
    const items: Node[] = [];
    for (this.#skip(true); !this.#accept(close); this.#skip(true)) {
      if (this.#at >= this.#text.length) {
        this.#gaps.note('syntax', 'a closing bracket is missing', start, start + 1);
        break;
      }
      const before = this.#at;
      items.push(this.#value(depth + 1, false));
      this.#skip(true);
      if (!this.#accept(',') && this.#at === before) this.#at++;
    }
    return { kind: 'list', span: { start, end: this.#at }, items, tag: undefined };
  }

  #object(depth: number): Node {
    const start = this.#at++;
    const entries: MapEntry[] = [];
    for (this.#skip(true); !this.#accept('}'); this.#skip(true)) {
      if (this.#at >= this.#text.length) {
        this.#gaps.note('syntax', 'a closing bracket is missing', start, start + 1);
        break;
      }
      const entry = this.#objectEntry(depth);
      if (entry !== undefined) entries.push(entry);
      this.#skip(true);
      this.#accept(',');
    }
    return { kind: 'map', span: { start, end: this.#at }, entries, tag: undefined };
  }

  /** `name = value`, `"name" : value`, `(expression) = value`. */
  #objectEntry(depth: number): MapEntry | undefined {
    const start = this.#at;
    let key = this.#text[start] === '(' ? undefined : this.#name();
    this.#skip(false);
    if (key === undefined || !/[=:]/.test(this.#text[this.#at] ?? '')) {
      const line = this.#text.slice(start, scanExpression(this.#text, start, true));
      const sign = /[=:](?![=>])/.exec(line)?.index ?? line.length;
      this.#at = start + Math.max(sign, 1);
      key = this.#plain(start);
      if (sign === line.length) return undefined;
    }
    this.#at++;
    const value = this.#value(depth + 1, true);
    return { key, value, span: { start, end: this.#at }, aliased: false };
  }

  #template(): ScalarNode {
    const start = this.#at;
    const { end, open } = scanTemplate(this.#text, start);
    if (open) this.#gaps.note('syntax', 'a closing quote is missing', start, end);
    this.#at = end;
    const mapped = mapTemplate(this.#text, start + 1, open ? end : end - 1);
    return createScalar({
      span: { start, end },
      value: mapped.text,
      text: mapped.text,
      style: 'double',
      map: () => mapped,
    });
  }

  /** The lines as they stand: indentation that `<<-` takes away means nothing in what is written in them. */
  #hereDocument(): ScalarNode | undefined {
    const found = scanHereDocument(this.#text, this.#at);
    if (found === undefined) return undefined;
    const { bodyStart, bodyEnd, end, open } = found;
    if (open) this.#gaps.note('syntax', 'the end of a here-document is missing', this.#at, bodyStart);
    const text = this.#text.slice(bodyStart, bodyEnd);
    const span = { start: this.#at, end };
    this.#at = end;
    return createDirectScalar({ span, value: text, text, style: 'literal' }, bodyStart);
  }

  #plain(start: number): ScalarNode {
    const word = this.#text.slice(start, this.#at).trimEnd();
    return createPlainScalar(this.#text, { start, end: start + word.length }, plainValue(word));
  }

  #skip(lines: boolean): void {
    this.#at = skipBlanks(this.#text, this.#at, lines);
  }

  #accept(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #passLine(): void {
    const start = this.#at;
    this.#at = Math.max(scanExpression(this.#text, start, true), start + 1);
    this.#gaps.note('syntax', 'this is not HCL', start, this.#at);
  }

  /** What comes behind a cap is not read: the end cannot be found without reading. */
  #stop(message: string, entries: readonly MapEntry[]): readonly MapEntry[] {
    this.#gaps.note('cap', `${message}: the rest was not read`, this.#at, this.#text.length);
    this.#at = this.#text.length;
    return entries;
  }
}

function plainValue(word: string): ScalarNode['value'] {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  return NUMBER.test(word) ? Number(word) : word;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Decodes what stands between the quotes; expressions in it stay as they are written. */
function mapTemplate(text: string, start: number, end: number): OffsetMap {
  const builder = createOffsetMapBuilder(text, start);
  let from = start;
  // Most have no escape, and must not look for one through the rest of the file.
  const first = text.slice(start, end).includes('\\') ? text.indexOf('\\', start) : -1;
  for (let at = first; at >= 0 && at < end; at = text.indexOf('\\', from)) {
    builder.copy(from, at);
    const letter = text[at + 1] ?? '';
    const digits = /^(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/.exec(text.slice(at + 1, Math.min(at + 10, end)))?.[0];
    const code = digits === undefined ? -1 : Number.parseInt(digits.slice(1), 16);
    const known = ESCAPES[letter] ?? (code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
    from = Math.min(at + 1 + (digits?.length ?? 1), end);
    if (known === undefined) builder.copy(at, from);
    else builder.write(known, at, from);
  }
  builder.copy(from, Math.max(from, end));
  return builder.build();
}
