import { type BytePath, isGitDirectoryName, joinPath, parentOf } from './byte-path.ts';

/** Linux gives up after forty (`path_resolution(7)`). */
const MAX_HOPS = 40;

export type LinkVerdict =
  | { readonly kind: 'inside'; readonly target: BytePath }
  | { readonly kind: 'refused'; readonly reason: string };

export interface LinkRequest {
  /** Every symbolic link of the tree: path → target as written. */
  readonly links: ReadonlyMap<BytePath, BytePath>;
  /** Absolute path of the tree as its own absolute links spell it; empty for a commit. */
  readonly root: BytePath;
}

/**
 * Where a link ends, following the tree's other links the way the kernel would, without touching the file system.
 * A textual check is not enough: with `a/b/c/d -> ../../..`, the harmless-looking `a/b/c/d/../x` leaves the tree (T2).
 */
export function judgeLink(path: BytePath, request: LinkRequest): LinkVerdict {
  const target = request.links.get(path);
  if (target === undefined || target === '') return { kind: 'refused', reason: 'has no target' };
  const relative = relativeTarget(path, target, request.root);
  if (relative === undefined) return { kind: 'refused', reason: 'points to an absolute path outside the tree' };
  return walkComponents(parentOf(path), relative, request);
}

/** Where any path of the tree ends when every link on it is followed, the last one too. */
export function followPath(path: BytePath, request: LinkRequest): LinkVerdict {
  return walkComponents('', path, request);
}

/** The target relative to the link's directory; absolute ones only when they name the tree itself. */
export function relativeTarget(path: BytePath, target: BytePath, root: BytePath): BytePath | undefined {
  if (!target.startsWith('/')) return target;
  // A commit has no place of its own: every absolute path leads out of it.
  if (root === '' || (target !== root && !target.startsWith(`${root}/`))) return undefined;
  const within = target.slice(root.length + 1);
  const up = path.split('/').length - 1;
  return `${'../'.repeat(up)}${within}`.replace(/\/+$/, '') || '.';
}

function walkComponents(start: BytePath, target: BytePath, { links, root }: LinkRequest): LinkVerdict {
  const pending = target.split('/').reverse();
  let at = start;
  let hops = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at === '') return { kind: 'refused', reason: 'leaves the tree' };
      at = parentOf(at);
      continue;
    }
    const next = joinPath(at, part);
    if (isGitDirectoryName(part)) return { kind: 'refused', reason: 'points into a git directory' };
    const through = links.get(next);
    if (through === undefined) {
      at = next;
      continue;
    }
    hops += 1;
    if (hops > MAX_HOPS) return { kind: 'refused', reason: 'is a loop of links' };
    const relative = relativeTarget(next, through, root);
    if (relative === undefined) return { kind: 'refused', reason: 'leads through a link to an absolute path' };
    pending.push(...relative.split('/').reverse());
  }
  return { kind: 'inside', target: at };
}
