import { askStore, type ObjectStore } from './object-store.ts';

const ANSWER = /^([0-9a-f]{40,64}) (commit|blob|tree|tag) (\d+)$/;
const LIST_BYTES = 512 * 1024 * 1024;

/** A file in a tree. */
export interface BlobEntry {
  readonly path: string;
  readonly id: string;
  readonly bytes: number;
}

/** Every file below a commit or tree, without reading one. Empty when there is no such object. */
export async function listBlobs(store: ObjectStore, treeish: string): Promise<readonly BlobEntry[]> {
  const output = await askStore(store, {
    args: ['ls-tree', '-r', '-l', '-z', '--full-tree', treeish],
    maxOutput: LIST_BYTES,
  });
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((row) => {
      const [, id, bytes, path] = /^\d{6} blob ([0-9a-f]{40,64}) +(\d+)\t([\s\S]+)$/.exec(row) ?? [];
      return id === undefined || path === undefined ? [] : [{ path, id, bytes: Number(bytes) }];
    });
}

/**
 * Contents by name of object, or by `commit:path`, in one call whatever their number; `undefined` for what is not here
 * or is no file. A name must hold no newline.
 */
export async function readBlobs(
  store: ObjectStore,
  names: readonly string[],
): Promise<readonly (Buffer | undefined)[]> {
  if (names.length === 0) return [];
  const input = Buffer.from(`${names.join('\n')}\n`);
  const output = await askStore(store, { args: ['cat-file', '--batch', '--buffer'], input });
  const found: (Buffer | undefined)[] = [];
  for (let at = 0; at < output.length && found.length < names.length; ) {
    const end = output.indexOf(0x0a, at);
    if (end < 0) break;
    const [, , type, size] = ANSWER.exec(output.toString('latin1', at, end)) ?? [];
    at = end + 1;
    if (size === undefined) {
      found.push(undefined);
      continue;
    }
    found.push(type === 'blob' ? output.subarray(at, at + Number(size)) : undefined);
    at += Number(size) + 1;
  }
  return names.map((_, index) => found[index]);
}

/** Names of objects for `commit:path`, in one call; `undefined` where nothing is. */
export async function nameBlobs(
  store: ObjectStore,
  names: readonly string[],
): Promise<readonly (string | undefined)[]> {
  if (names.length === 0) return [];
  const input = Buffer.from(`${names.join('\n')}\n`);
  const output = await askStore(store, { args: ['cat-file', '--batch-check'], input });
  const rows = output.toString('latin1').split('\n');
  return names.map((_, index) => /^([0-9a-f]{40,64}) blob /.exec(rows[index] ?? '')?.[1]);
}
