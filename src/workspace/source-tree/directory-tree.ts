import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { SallyportError } from '../../errors/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { type BytePath, fromText, isGitDirectoryName, joinPath, toNative, toText } from '../byte-path.ts';
import { createSourceTree, type FileTable, type ListedFile, type Unloaded } from './file-table.ts';
import { TREE_LIMITS, type TreeLimits } from './limits.ts';
import { TreeGaps } from './tree-gaps.ts';

/**
 * The files under a directory as they are now, tracked by git or not. Links are entries and never followed while
 * listing; `.git` and `limits.skipped` are left out; a nested repository is a `submodule` and not entered.
 * `gaps` grows when files are read.
 * @throws SallyportError SP1307 when the root is no directory.
 */
export async function readDirectoryTree(root: string, limits: Partial<TreeLimits> = {}): Promise<SourceTree> {
  const caps = { ...TREE_LIMITS, ...limits };
  const base = realRoot(root);
  const lister = new DirectoryLister(base, caps);
  lister.list();
  return createSourceTree(lister, caps);
}

function realRoot(root: string): BytePath {
  try {
    const real = realpathSync(root);
    if (lstatSync(real).isDirectory()) return fromText(real);
  } catch (cause) {
    throw new SallyportError('SP1307', `cannot read ${root}`, { cause });
  }
  throw new SallyportError('SP1307', `${root} is not a directory`);
}

class DirectoryLister implements FileTable {
  readonly revision = 'worktree';
  readonly root: BytePath;
  readonly gaps: TreeGaps;
  readonly files = new Map<BytePath, ListedFile>();
  readonly links = new Map<BytePath, BytePath>();
  readonly submodules = new Map<BytePath, string | undefined>();
  readonly #limits: TreeLimits;
  #entries = 0;

  constructor(root: BytePath, limits: TreeLimits) {
    this.root = root;
    this.#limits = limits;
    this.gaps = new TreeGaps(limits.gaps);
  }

  /** Walks by a list, not by recursion: depth costs nothing. */
  list(): void {
    const folders: { readonly path: BytePath; readonly depth: number }[] = [{ path: '', depth: 0 }];
    for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
      const { path, depth } = next;
      for (const name of this.#names(path)) {
        const child = joinPath(path, name);
        if (isGitDirectoryName(name)) continue;
        if (++this.#entries > this.#limits.entries) {
          this.gaps.note('cap', toText(child), `more than ${this.#limits.entries} files: the rest was not listed`);
          return;
        }
        if (!this.#add(child)) continue;
        if (this.#limits.skipped.has(name)) continue;
        if (depth + 1 > this.#limits.depth) {
          this.gaps.note('cap', toText(child), `more than ${this.#limits.depth} folders deep`);
        } else folders.push({ path: child, depth: depth + 1 });
      }
    }
  }

  /** Sorted, so that the same directory always gives the same tree, also where a cap cuts it. */
  #names(folder: BytePath): readonly BytePath[] {
    const names: BytePath[] = [];
    try {
      using directory = opendirSync(toNative(joinPath(this.root, folder)), { bufferSize: 256, encoding: 'latin1' });
      const room = this.#limits.entries - this.#entries + 1;
      for (let entry: Dirent | null = directory.readSync(); entry !== null; entry = directory.readSync()) {
        names.push(entry.name);
        if (names.length > room) break;
      }
    } catch (error) {
      this.gaps.note('unreadable', toText(folder) || '.', messageOf(error));
    }
    const isNested = folder !== '' && names.includes('.git');
    if (isNested) this.submodules.set(folder, undefined);
    return isNested ? [] : names.sort();
  }

  /** @returns whether this is a folder to enter. */
  #add(path: BytePath): boolean {
    const native = toNative(joinPath(this.root, path));
    let status: Stats;
    try {
      status = lstatSync(native);
      if (status.isSymbolicLink()) this.links.set(path, readlinkSync(native, 'latin1'));
    } catch (error) {
      this.gaps.note('unreadable', toText(path), messageOf(error));
      return false;
    }
    if (status.isFile()) this.files.set(path, { size: status.size, executable: (status.mode & 0o111) !== 0 });
    else if (!status.isDirectory() && !status.isSymbolicLink()) {
      this.gaps.note('unreadable', toText(path), 'it is neither a file, a folder nor a link');
    }
    return status.isDirectory();
  }

  load(path: BytePath): Buffer | Unloaded {
    try {
      return readInside(joinPath(this.root, path), this.root, this.#limits.fileBytes);
    } catch (error) {
      return { kind: 'unreadable', message: messageOf(error) };
    }
  }
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Reads a regular file; O_NONBLOCK, because opening a planted pipe must not hang. */
function readInside(path: BytePath, root: BytePath, limit: number): Buffer {
  const descriptor = openSync(toNative(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new Error('it is no longer a file');
    if (!isInside(descriptor, root)) throw new Error('a folder above it became a link while it was read');
    const bytes = Buffer.alloc(Math.min(status.size, limit) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    if (length === bytes.length) throw new Error('it grew while it was read');
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** O_NOFOLLOW guards the last name only; the kernel tells what the whole path led to. Linux; elsewhere not checked. */
function isInside(descriptor: number, root: BytePath): boolean {
  if (process.platform !== 'linux') return true;
  const real = readlinkSync(`/proc/self/fd/${descriptor}`, 'latin1');
  return real.startsWith(root === '/' ? '/' : `${root}/`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it cannot be read';
}
