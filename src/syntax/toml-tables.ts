import type { GapList } from './gap-list.ts';
import type { MapEntry, Node, ScalarNode } from './node.ts';
import { READING_LIMITS } from './reading-limits.ts';

/** A table while the file is read: tables may be opened again further down, so spans grow. */
export interface TomlTable {
  readonly kind: 'map';
  readonly span: { start: number; end: number };
  readonly entries: MapEntry[];
  readonly tag: undefined;
}

/** The tables of one file, and the rules by which keys and headers find them (TOML 1.0 §Table). */
export class TomlTables {
  readonly root: TomlTable = { kind: 'map', span: { start: 0, end: 0 }, entries: [], tag: undefined };
  readonly #gaps: GapList;
  readonly #indexes = new Map<Node, Map<string, MapEntry>>();
  /** What a path ends in, so that tables further in grow with it. */
  readonly #lists = new Map<Node, TomlTable[]>();
  readonly #tables = new Map<Node, TomlTable>();

  constructor(gaps: GapList) {
    this.#gaps = gaps;
    this.#tables.set(this.root, this.root);
  }

  createTable(start: number, end: number): TomlTable {
    const table: TomlTable = { kind: 'map', span: { start, end }, entries: [], tag: undefined };
    this.#tables.set(table, table);
    return table;
  }

  /** `key = value` inside `table`; dotted keys open the tables between. */
  assign(table: TomlTable, keys: readonly ScalarNode[], value: Node): void {
    const key = keys.at(-1);
    if (key === undefined) return;
    const target = this.#descend(table, keys.slice(0, -1), value.span.end);
    if (target !== undefined) this.#add(target, key, value);
  }

  /** `[a.b]`: the table that the header opens. */
  open(keys: readonly ScalarNode[], end: number): TomlTable | undefined {
    return this.#descend(this.root, keys, end);
  }

  /** `[[a.b]]`: one more table of the list. */
  append(keys: readonly ScalarNode[], start: number, end: number): TomlTable | undefined {
    const key = keys.at(-1);
    const parent = key === undefined ? undefined : this.#descend(this.root, keys.slice(0, -1), end);
    if (key === undefined || parent === undefined) return undefined;
    const table = this.createTable(start, end);
    const known = this.#indexOf(parent).get(key.text)?.value;
    const items = known === undefined ? undefined : this.#lists.get(known);
    if (items !== undefined) {
      items.push(table);
      return table;
    }
    const tables = [table];
    const list: Node = { kind: 'list', span: { start, end }, items: tables, tag: undefined };
    this.#lists.set(list, tables);
    this.#add(parent, key, list);
    return table;
  }

  #indexOf(table: TomlTable): Map<string, MapEntry> {
    const known = this.#indexes.get(table);
    if (known !== undefined) return known;
    const index = new Map<string, MapEntry>();
    this.#indexes.set(table, index);
    return index;
  }

  #add(table: TomlTable, key: ScalarNode, value: Node): void {
    const index = this.#indexOf(table);
    const { start, end } = key.span;
    if (index.has(key.text)) this.#gaps.note('syntax', `key '${key.text}' is written twice`, start, end);
    const entry: MapEntry = { key, value, span: { start, end: Math.max(end, value.span.end) }, aliased: false };
    index.set(key.text, entry);
    table.entries.push(entry);
    table.span.end = Math.max(table.span.end, entry.span.end);
  }

  #descend(from: TomlTable, keys: readonly ScalarNode[], end: number): TomlTable | undefined {
    let table = from;
    if (keys.length >= READING_LIMITS.depth) {
      this.#gaps.note('cap', `nested deeper than ${READING_LIMITS.depth} levels`, keys[0]?.span.start ?? 0);
      return undefined;
    }
    for (const key of keys) {
      table.span.end = Math.max(table.span.end, end);
      table = this.#child(table, key);
    }
    table.span.end = Math.max(table.span.end, end);
    return table;
  }

  #child(table: TomlTable, key: ScalarNode): TomlTable {
    const value = this.#indexOf(table).get(key.text)?.value;
    const known = value && (this.#lists.get(value)?.at(-1) ?? this.#tables.get(value));
    if (known !== undefined) return known;
    const created = this.createTable(key.span.start, key.span.end);
    this.#add(table, key, created);
    return created;
  }
}
