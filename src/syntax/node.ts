import type { Gap, Span } from './source.ts';

/** A structured file (YAML, JSON with comments, TOML, front matter) as a tree that knows where everything stands. */
export type Node = ScalarNode | MapNode | ListNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** The value as written, quotes and block indicators included. */
  readonly span: Span;
  /** YAML 1.2 core schema: `on`, `yes` and `no` are text. */
  readonly value: string | number | boolean | null;
  /** The value as text; for a number or boolean as spelled in the file, for null the empty string. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** A YAML tag such as `!vault` or `tag:yaml.org,2002:str`, where one is written. */
  readonly tag?: string | undefined;
  /** The place in the file of the character at `index` of `text` (`text.length`: just behind the last one). */
  offsetOf(index: number): number;
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
  /** Key and value. */
  readonly span: Span;
  /** The entry came through a merge key (`<<`) or an alias; its spans are those of the anchor. */
  readonly aliased: boolean;
}

export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly MapEntry[];
  readonly tag: string | undefined;
}

export interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Node[];
  /** A YAML tag such as `!reference`. */
  readonly tag: string | undefined;
}

/** What a reader made of a file. Readers never throw on content: what they could not read is a gap. */
export interface Reading {
  readonly root: Node | undefined;
  readonly gaps: readonly Gap[];
}

/** The entry of a key; with a key that is written twice, the last, as most platforms read it. */
export function entryOf(node: Node | undefined, key: string): MapEntry | undefined {
  if (node?.kind !== 'map') return undefined;
  for (let at = node.entries.length - 1; at >= 0; at--) {
    const entry = node.entries[at];
    if (entry?.key.text === key) return entry;
  }
  return undefined;
}

/** The node at a route of keys and list positions. */
export function nodeAt(node: Node | undefined, ...route: readonly (string | number)[]): Node | undefined {
  let current = node;
  for (const step of route) {
    if (typeof step === 'string') current = entryOf(current, step)?.value;
    else current = current?.kind === 'list' ? current.items[step] : undefined;
  }
  return current;
}

/** The scalar at a route, when there is one. */
export function scalarAt(node: Node | undefined, ...route: readonly (string | number)[]): ScalarNode | undefined {
  const found = nodeAt(node, ...route);
  return found?.kind === 'scalar' ? found : undefined;
}

/** The items of a list, or the one node itself: many formats allow both. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}

/** The scalars of a list, or of the one scalar itself. */
export function scalarsOf(node: Node | undefined): readonly ScalarNode[] {
  return itemsOf(node).filter((item) => item.kind === 'scalar');
}

/** The entries of a map; none of anything else. */
export function entriesOf(node: Node | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}
