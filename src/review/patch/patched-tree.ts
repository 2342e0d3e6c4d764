import type { FileChange } from '../../findings/index.ts';
import type { SourceTree, TreeEntry } from '../../syntax/index.ts';

/** A tree as it would be with these files. Nothing is written. */
export function patchedTree(tree: SourceTree, files: readonly FileChange[]): SourceTree {
  const changed = new Map(files.map(({ path, after }) => [path, after]));
  const known = new Set(tree.entries.map(({ path }) => path));
  const added = files
    .filter(({ path }) => !known.has(path))
    .map(({ path, after }): TreeEntry => ({ kind: 'file', path, size: Buffer.byteLength(after), executable: false }));
  const resized = tree.entries.map((entry): TreeEntry => {
    const after = changed.get(entry.path);
    if (after === undefined || entry.kind !== 'file') return entry;
    return { kind: 'file', path: entry.path, size: Buffer.byteLength(after), executable: entry.executable };
  });
  return {
    ...tree,
    revision: 'worktree',
    entries: [...resized, ...added].sort((one, other) => (one.path < other.path ? -1 : 1)),
    read: (path) => {
      const text = changed.get(path);
      return text === undefined ? tree.read(path) : { path, text };
    },
  };
}
