import type { Node, Place } from '../../syntax/index.ts';

/** More leaves than any real configuration has; what lies behind is a gap. */
const MOST_KEYS = 4000;
/** Deeper than any product nests. */
const MOST_LEVELS = 24;

export interface FlatKey {
  readonly path: string;
  readonly text: string;
  readonly place: Place;
  readonly node: Node;
}

/**
 * Every scalar with the names on the way to it, joined by dots. Items of a list carry the list's path. Iterative and
 * capped: `complete` is false when something was left out.
 */
export function flattenKeys(
  root: Node | undefined,
  file: string,
): { readonly keys: readonly FlatKey[]; readonly complete: boolean } {
  const keys: FlatKey[] = [];
  const waiting: { readonly node: Node; readonly path: string; readonly depth: number }[] =
    root === undefined ? [] : [{ node: root, path: '', depth: 0 }];
  let complete = true;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path, depth } = next;
    if (keys.length >= MOST_KEYS || depth > MOST_LEVELS) {
      complete = false;
      continue;
    }
    if (node.kind === 'scalar') keys.push({ path, text: node.text, place: { file, span: node.span }, node });
    else if (node.kind === 'list') {
      for (const item of node.items.toReversed()) waiting.push({ node: item, path, depth: depth + 1 });
    } else {
      for (const entry of node.entries.toReversed()) {
        const below = path === '' ? entry.key.text : `${path}.${entry.key.text}`;
        waiting.push({ node: entry.value, path: below, depth: depth + 1 });
      }
    }
  }
  return { keys, complete };
}
