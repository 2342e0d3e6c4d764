import type { SourceTree, TreeEntry } from '../syntax/index.ts';

/** A tree as it would be with some files changed or added. Nothing is written. */
export function overlayTree(
  tree: SourceTree,
  files: readonly { readonly path: string; readonly after: string }[],
): SourceTree {
  const changed = new Map(files.map(({ path, after }) => [path, after]));
  const known = new Set(tree.entries.map(({ path }) => path));
  const added = files
    .filter(({ path }) => !known.has(path))
    .map(({ path, after }): TreeEntry => ({ kind: 'file', path, size: Buffer.byteLength(after), executable: false }));
  return {
    ...tree,
    entries: [...tree.entries, ...added].sort((one, other) => (one.path < other.path ? -1 : 1)),
    read: (path) => {
      const text = changed.get(path);
      return text === undefined ? tree.read(path) : { path, text };
    },
  };
}
