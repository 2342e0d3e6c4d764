import type { Gap, SourceFile, SourceTree } from '../../syntax/index.ts';
import { createTreeGap } from './tree-gaps.ts';

/** What to say of a judge's file that is none of its own. */
export const IS_A_LINK = 'it is a link; make it a file of its own';

/**
 * A file by which changes are judged (policy, trust store, roots, code owners), as a file of its own. What stands behind
 * a link would be read elsewhere than where its changes are noticed (GATE014) and where statements name it by digest: so
 * a link is a gap, also one that leads nowhere today.
 */
export function readOwnFile(tree: SourceTree, path: string): SourceFile | Gap | undefined {
  const entry = tree.entries.find((one) => one.path === path);
  const file = tree.read(path);
  if (entry?.kind === 'file') return file;
  return entry === undefined && file === undefined ? undefined : createTreeGap('link', path, IS_A_LINK);
}
