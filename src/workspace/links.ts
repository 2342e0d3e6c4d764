import { type BytePath, isGitDirectoryName, joinPath, parentOf } from './byte-path.ts';

/** Linux gives up after forty (`path_resolution(7)`). */
const MAX_HOPS = 40;

export type LinkVerdict =
  | { readonly kind: 'inside'; readonly target: BytePath }
  /** In a directory that is shown at the same place, under this absolute path. */
  | { readonly kind: 'shown'; readonly target: BytePath }
  | { readonly kind: 'refused'; readonly reason: string };

export interface LinkRequest {
  /** Every symbolic link of the tree: path → target as written. */
  readonly links: ReadonlyMap<BytePath, BytePath>;
  /** Absolute path of the tree as its own absolute links spell it; empty for a commit. */
  readonly root: BytePath;
  /** Absolute directories that whoever follows the links sees at the same place; none unless they are named. */
  readonly shown?: readonly BytePath[];
}

/**
 * Where a link ends, following the tree's other links the way the kernel would, without touching the file system.
 * A textual check is not enough: with `a/b/c/d -> ../../..`, the harmless-looking `a/b/c/d/../x` leaves the tree (T2).
 */
export function judgeLink(path: BytePath, request: LinkRequest): LinkVerdict {
  const target = request.links.get(path);
  if (target === undefined || target === '') return { kind: 'refused', reason: 'has no target' };
  const relative = relativeTarget(path, target, request.root);
  if (relative === undefined)
    return (
      shownTarget(target, [], request) ?? { kind: 'refused', reason: 'points to an absolute path outside the tree' }
    );
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

/** An absolute path below a shown directory, as it is written: no `..` on it, whatever it comes through. */
function shownTarget(
  target: BytePath,
  rest: readonly BytePath[],
  { shown = [] }: LinkRequest,
): LinkVerdict | undefined {
  const parts = [...target.split('/').slice(1), ...rest];
  const isShown = shown.some((directory) => target === directory || target.startsWith(`${directory}/`));
  return isShown && !parts.includes('..') ? { kind: 'shown', target: `/${parts.join('/')}` } : undefined;
}

function walkComponents(start: BytePath, target: BytePath, request: LinkRequest): LinkVerdict {
  const { links, root } = request;
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
    if (relative === undefined)
      return (
        shownTarget(through, pending.toReversed(), request) ?? {
          kind: 'refused',
          reason: 'leads through a link to an absolute path',
        }
      );
    pending.push(...relative.split('/').reverse());
  }
  return { kind: 'inside', target: at };
}
