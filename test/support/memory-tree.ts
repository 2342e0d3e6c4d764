import type { SourceTree } from '../../src/syntax/index.ts';

/** A repository that exists only in memory: path to content. */
export function memoryTree(files: { readonly [path: string]: string }): SourceTree {
  const paths = Object.keys(files).sort();
  return {
    revision: 'worktree',
    entries: paths.map((path) => ({
      kind: 'file',
      path,
      size: Buffer.byteLength(files[path] ?? ''),
      executable: path.endsWith('.sh'),
    })),
    gaps: [],
    read: (path) => {
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      return text === undefined ? undefined : { path, text };
    },
  };
}
