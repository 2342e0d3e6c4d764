import { SallyportError } from '../../errors/index.ts';
import { askStore, type ObjectStore } from './object-store.ts';

const ANSWER = /^([0-9a-f]{40,64}) (commit|blob|tree|tag) (\d+)$/;
const LIST_BYTES = 512 * 1024 * 1024;

/** A file in a tree. */
export interface BlobEntry {
  readonly path: string;
  readonly id: string;
  readonly bytes: number;
}

/**
 * Every file below a commit or tree, without reading one.
 * @throws SallyportError SP1305 where git cannot list it, or the content of a file is not in a partial clone
 */
export async function listBlobs(store: ObjectStore, treeish: string): Promise<readonly BlobEntry[]> {
  const output = await askStore(store, {
    args: ['ls-tree', '-r', '-l', '-z', '--full-tree', treeish],
    maxOutput: LIST_BYTES,
  });
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((row) => {
      const [, id, bytes, path] = /^\d{6} blob ([0-9a-f]{40,64}) +(\S+)\t([\s\S]+)$/.exec(row) ?? [];
      if (id === undefined || path === undefined) return [];
      // Git writes a word in place of the size. A file that is left out could be the one that speaks against a change.
      if (!/^\d+$/.test(bytes ?? '')) throw new SallyportError('SP1305', `${id} is not in this clone`);
      return [{ path, id, bytes: Number(bytes) }];
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

/** Those of the paths that are symbolic links at a commit: their content is where they point, not what stands there. */
export async function findLinks(
  store: ObjectStore,
  commit: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const output = await askStore(store, { args: ['ls-tree', '-z', '--full-tree', commit, '--', ...paths] });
  const rows = output.toString('utf8').split('\0');
  return rows.flatMap((row) => /^120000 blob [0-9a-f]{40,64}\t([\s\S]+)$/.exec(row)?.[1] ?? []);
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
