import { entriesOf, type MapEntry, type Node, type ScalarNode, scalarAt } from '../../syntax/index.ts';

/** A scalar of a structured file with the way to it. */
export interface NamedScalar {
  /** Keys from the top; items of a list by their name, never by position. */
  readonly path: readonly string[];
  /** Last key, lower case, without `-`, `_` and blanks. */
  readonly key: string;
  readonly entry: MapEntry | undefined;
  readonly node: ScalarNode;
}

const DEEPEST = 40;
const MOST_SCALARS = 50_000;
/** Keys by which formats name the items of their lists. */
const NAMES = ['name', 'id', 'Sid', 'key', 'rule', 'type', 'path', 'host'];

/** Every scalar below a node. Iterative and capped; the caller learns from `complete` whether the cap was reached. */
export function listScalars(root: Node | undefined): {
  readonly scalars: readonly NamedScalar[];
  readonly complete: boolean;
} {
  const scalars: NamedScalar[] = [];
  const open: { readonly node: Node; readonly path: readonly string[]; readonly entry: MapEntry | undefined }[] = [];
  if (root) open.push({ node: root, path: [], entry: undefined });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path, entry } = next;
    if (scalars.length >= MOST_SCALARS || path.length > DEEPEST) return { scalars, complete: false };
    if (node.kind === 'scalar') scalars.push({ path, key: plainKey(path.at(-1) ?? ''), entry, node });
    else if (node.kind === 'map')
      for (const child of node.entries.toReversed())
        open.push({ node: child.value, path: [...path, child.key.text], entry: child });
    else for (const item of node.items.toReversed()) open.push({ node: item, path: itemPath(path, item), entry });
  }
  return { scalars, complete: true };
}

function itemPath(path: readonly string[], item: Node): readonly string[] {
  const name = nameOfItem(item);
  // A sentence is a remark for people: it may be worded otherwise.
  return name === undefined || /\s/.test(name) ? path : [...path, name];
}

/** What a list item is called in its own words. */
function nameOfItem(item: Node): string | undefined {
  if (item.kind !== 'map') return undefined;
  for (const key of NAMES) {
    const name = scalarAt(item, key);
    if (name && name.text !== '') return name.text.slice(0, 100);
  }
  const only = entriesOf(item).length === 1 ? entriesOf(item)[0] : undefined;
  return only?.key.text;
}

export function plainKey(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, '');
}
