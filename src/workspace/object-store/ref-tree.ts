import { SallyportError } from '../../errors/index.ts';
import { resolveCommit } from './history.ts';
import { askStore, type ObjectStore, tryStore } from './object-store.ts';

/** A file to be put under a ref. */
export interface RefFile {
  /** Relative, with `/`; no part of it may be `.` or `..`. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** How often others may be quicker. */
const ATTEMPTS = 50;

/** A file as git keeps it: the parts of its path, and its object. */
interface PlacedBlob {
  readonly parts: readonly string[];
  readonly id: string;
}

/**
 * Adds files to the tree under a ref of ours and returns the new commit. Plumbing only: no hook, no filter, no work
 * tree and no index of the repository. Whoever writes at the same time loses nothing: the ref moves only from the
 * value that was read, else the tree is made again from the new one.
 *
 * @param at Seconds since the epoch, for the commit.
 * @throws SallyportError SP1305 when git fails, or when others are quicker again and again.
 */
export async function addToRef(
  store: ObjectStore,
  ref: string,
  files: readonly RefFile[],
  at: number,
): Promise<string> {
  const blobs: PlacedBlob[] = [];
  for (const { path, content } of files) {
    const id = await answer(store, { args: ['hash-object', '-w', '--stdin', '--no-filters'], input: content });
    blobs.push({ parts: Buffer.from(path).toString('latin1').split('/'), id });
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await resolveCommit(store, ref);
    const commit = await commitOn(store, before, blobs, at);
    const expected = before ?? '0'.repeat(commit.length);
    const moved = await tryStore(store, { args: ['update-ref', '--no-deref', ref, commit, expected] });
    if (moved.code === 0) return commit;
  }
  throw new SallyportError('SP1305', `${ref} was moved by others again and again`);
}

async function commitOn(
  store: ObjectStore,
  before: string | undefined,
  blobs: readonly PlacedBlob[],
  at: number,
): Promise<string> {
  const tree = await treeWith(store, before, blobs);
  const person = { NAME: 'sallyport', EMAIL: 'sallyport@localhost', DATE: `@${at} +0000` };
  const environment = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(person).map(([field, value]) => [`GIT_${role}_${field}`, value]),
    ),
  );
  const parent = before === undefined ? [] : ['-p', before];
  return answer(store, { args: ['commit-tree', tree, ...parent], input: Buffer.from('attestations\n'), environment });
}

/**
 * A tree with files added, level by level. An index would refuse a tree that holds names no checkout can have, such as
 * `.git`: whoever may push to the ref once could keep everybody else from adding to it.
 */
async function treeWith(store: ObjectStore, before: string | undefined, blobs: readonly PlacedBlob[]): Promise<string> {
  const rows = before === undefined ? new Map<string, string>() : await rowsOf(store, before);
  for (const [name, below] of Map.groupBy(blobs, ({ parts }) => parts[0] ?? '')) {
    const deeper = below
      .filter(({ parts }) => parts.length > 1)
      .map(({ parts, id }) => ({ parts: parts.slice(1), id }));
    const file = below.findLast(({ parts }) => parts.length === 1);
    if (file !== undefined) rows.set(name, `100644 blob ${file.id}`);
    if (deeper.length === 0) continue;
    const [, folder] = /^040000 tree ([0-9a-f]+)$/.exec(rows.get(name) ?? '') ?? [];
    rows.set(name, `040000 tree ${await treeWith(store, folder, deeper)}`);
  }
  const input = Buffer.from([...rows].map(([name, row]) => `${row}\t${name}\0`).join(''), 'latin1');
  return answer(store, { args: ['mktree', '-z', '--missing'], input });
}

/** Name to mode, type and object of what stands directly in a tree. */
async function rowsOf(store: ObjectStore, tree: string): Promise<Map<string, string>> {
  const output = await askStore(store, { args: ['ls-tree', '-z', '--full-tree', tree] });
  return new Map(
    output
      .toString('latin1')
      .split('\0')
      .flatMap((row): readonly (readonly [string, string])[] => {
        const end = row.indexOf('\t');
        return end < 0 ? [] : [[row.slice(end + 1), row.slice(0, end)]];
      }),
  );
}

async function answer(store: ObjectStore, question: Parameters<typeof askStore>[1]): Promise<string> {
  return (await askStore(store, question)).toString('latin1').trim();
}
