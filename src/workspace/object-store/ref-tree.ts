import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import { removeOnSignal, removeTree } from '../../system/index.ts';
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
  const rows: string[] = [];
  for (const { path, content } of files) {
    const id = await answer(store, { args: ['hash-object', '-w', '--stdin', '--no-filters'], input: content });
    rows.push(`100644 ${id}\t${path}\0`);
  }
  const scratch = await mkdtemp(join(tmpdir(), 'sallyport-ref-'));
  using _guard = removeOnSignal(scratch);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await resolveCommit(store, ref);
      const commit = await commitOn(store, before, rows, join(scratch, `index-${attempt}`), at);
      const expected = before ?? '0'.repeat(commit.length);
      const moved = await tryStore(store, { args: ['update-ref', '--no-deref', ref, commit, expected] });
      if (moved.code === 0) return commit;
    }
  } finally {
    await removeTree(scratch);
  }
  throw new SallyportError('SP1305', `${ref} was moved by others again and again`);
}

async function commitOn(
  store: ObjectStore,
  before: string | undefined,
  rows: readonly string[],
  indexFile: string,
  at: number,
): Promise<string> {
  await askStore(store, { args: before === undefined ? ['read-tree', '--empty'] : ['read-tree', before], indexFile });
  await askStore(store, { args: ['update-index', '-z', '--index-info'], input: Buffer.from(rows.join('')), indexFile });
  const tree = await answer(store, { args: ['write-tree'], indexFile });
  const person = { NAME: 'sallyport', EMAIL: 'sallyport@localhost', DATE: `@${at} +0000` };
  const environment = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(person).map(([field, value]) => [`GIT_${role}_${field}`, value]),
    ),
  );
  const parent = before === undefined ? [] : ['-p', before];
  return answer(store, { args: ['commit-tree', tree, ...parent], input: Buffer.from('attestations\n'), environment });
}

async function answer(store: ObjectStore, question: Parameters<typeof askStore>[1]): Promise<string> {
  return (await askStore(store, question)).toString('latin1').trim();
}
