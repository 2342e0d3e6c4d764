import type { Gap, SourceFile, SourceTree, TreeEntry } from '../../syntax/index.ts';
import { differenceOf, type LineChange } from '../../text/index.ts';

/** What became of one path between two trees. */
export interface TreeChange {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'modified' | 'renamed' | 'type' | 'mode';
  /** Where a renamed file was. */
  readonly previousPath: string | undefined;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
  /** Text on either side; `undefined` where there is none, a gap where it cannot be read as text. */
  readonly old: SourceFile | Gap | undefined;
  readonly new: SourceFile | Gap | undefined;
  /** Stretches of lines that differ, from 0; empty when a side is no text. */
  readonly hunks: readonly LineChange[];
}

/**
 * Compares two trees path by path. A file that vanished and stands elsewhere with the same text is one rename; similar
 * is not the same: a change on the way is reported as removed and added, so that nothing hides in a rename.
 */
export function compareTrees(base: SourceTree, head: SourceTree): readonly TreeChange[] {
  const before = new Map(base.entries.map((entry) => [entry.path, entry]));
  const after = new Map(head.entries.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changes = paths.flatMap((path) => changeAt(path, before.get(path), after.get(path), base, head));
  return joinRenames(changes);
}

function changeAt(
  path: string,
  before: TreeEntry | undefined,
  after: TreeEntry | undefined,
  base: SourceTree,
  head: SourceTree,
): readonly TreeChange[] {
  if (isSameContent(before, after)) return [];
  const old = before?.kind === 'file' ? base.read(path) : undefined;
  const now = after?.kind === 'file' ? head.read(path) : undefined;
  const kind = kindOf(before, after, textOf(old) === textOf(now));
  if (kind === undefined) return [];
  return [{ path, kind, previousPath: undefined, before, after, old, new: now, hunks: hunksOf(old, now) }];
}

/** As git's names tell it, without reading: the same content with the same mode. */
function isSameContent(before: TreeEntry | undefined, after: TreeEntry | undefined): boolean {
  if (before?.kind !== 'file' || after?.kind !== 'file') return false;
  return before.id !== undefined && before.id === after.id && before.executable === after.executable;
}

function kindOf(
  before: TreeEntry | undefined,
  after: TreeEntry | undefined,
  sameText: boolean,
): TreeChange['kind'] | undefined {
  if (!before) return 'added';
  if (!after) return 'removed';
  if (before.kind !== after.kind) return 'type';
  if (before.kind === 'link' && after.kind === 'link') return before.target === after.target ? undefined : 'modified';
  if (before.kind === 'link' || after.kind === 'link') return undefined;
  // A binary that is replaced by one of the same size, a submodule that is moved on: only their names tell.
  if (before.id !== undefined && after.id !== undefined && before.id !== after.id) return 'modified';
  if (before.kind !== 'file' || after.kind !== 'file') return undefined;
  if (!sameText || before.size !== after.size) return 'modified';
  return before.executable === after.executable ? undefined : 'mode';
}

function textOf(side: SourceFile | Gap | undefined): string | undefined {
  if (side === undefined) return undefined;
  return 'text' in side ? side.text : `${side.kind} ${side.message}`;
}

function hunksOf(old: SourceFile | Gap | undefined, now: SourceFile | Gap | undefined): readonly LineChange[] {
  if ((old && !('text' in old)) || (now && !('text' in now))) return [];
  return differenceOf(linesOf(old?.text), linesOf(now?.text));
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split('\n');
}

/** Pairs each removed file with an added one of the same, non-empty text; of several the first by path. */
function joinRenames(changes: readonly TreeChange[]): readonly TreeChange[] {
  const removed = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const text = change.kind === 'removed' ? textOf(change.old) : undefined;
    if (text) removed.set(text, [...(removed.get(text) ?? []), change]);
  }
  const gone = new Set<TreeChange>();
  const joined = changes.map((change): TreeChange => {
    const text = change.kind === 'added' ? textOf(change.new) : undefined;
    const from = text ? removed.get(text)?.shift() : undefined;
    if (!from) return change;
    gone.add(from);
    return { ...change, kind: 'renamed', previousPath: from.path, before: from.before, old: from.old, hunks: [] };
  });
  return joined.filter((change) => !gone.has(change));
}
