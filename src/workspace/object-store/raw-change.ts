import { askStore, type ObjectStore } from './object-store.ts';

/** One path that differs between two commits, by the names of what stands there. */
export interface RawChange {
  readonly path: string;
  readonly status: 'added' | 'removed' | 'modified' | 'type';
  /** Six octal digits; of the old file where it was removed. */
  readonly mode: string;
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

const STATUS: { readonly [letter: string]: RawChange['status'] } = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'type',
};
const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const ROW = /^:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([AMDT])/;
const LIST_BYTES = 256 * 1024 * 1024;
const RAW: readonly string[] = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--full-index', '--always'];

/** Two commits of which the second came from the first. */
export interface CommitPair {
  readonly base: string;
  readonly head: string;
}

/**
 * What differs between pairs of commits, in their order: without renames, without reading a file, and in one call
 * whatever their number.
 */
export async function listRawChanges(
  store: ObjectStore,
  pairs: readonly CommitPair[],
): Promise<readonly (readonly RawChange[])[]> {
  if (pairs.length === 0) return [];
  const output = await askStore(store, {
    // `.gitmodules` of whatever HEAD is, or the configuration, would hide that another commit of a submodule is named.
    args: [...RAW, '--ignore-submodules=none', '--stdin'],
    input: Buffer.from(pairs.map(({ base, head }) => `${head} ${base}\n`).join('')),
    maxOutput: LIST_BYTES,
  });
  const lists: RawChange[][] = [];
  const parts = output.toString('utf8').split('\0');
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    // A commit's own name begins its list; a row of the list is followed by its path.
    if (OBJECT_NAME.test(part)) lists.push([]);
    else if (part.startsWith(':')) {
      index += 1;
      const change = readRow(part, parts[index] ?? '');
      if (change !== undefined) lists.at(-1)?.push(change);
    }
  }
  return pairs.map((_, index) => lists[index] ?? []);
}

function readRow(row: string, path: string): RawChange | undefined {
  const [, oldMode = '', newMode = '', oldBlob = '', newBlob = '', letter = ''] = ROW.exec(row) ?? [];
  const status = STATUS[letter];
  if (status === undefined) return undefined;
  return {
    path,
    status,
    mode: status === 'removed' ? oldMode : newMode,
    oldBlob: status === 'added' ? null : oldBlob,
    newBlob: status === 'removed' ? null : newBlob,
  };
}
