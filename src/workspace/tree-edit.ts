import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../system/index.ts';
import { type BytePath, joinPath, parentOf, toNative } from './byte-path.ts';

/** What a path has to become; no file: it goes. */
export interface Replacement {
  readonly path: BytePath;
  readonly file: { readonly mode: string; readonly bytes: Buffer } | undefined;
}

interface Edit {
  readonly root: BytePath;
  readonly aside: string;
  /** Taken back in reverse order when a step fails. */
  readonly undo: (() => void)[];
  count: number;
}

/**
 * Puts files in place and takes files away, all or none: everything is written into `scratch` first, a directory on the
 * same file system, and what stood there is kept until the end. Deletions come first, because a file may take the place
 * of a directory. No link is followed.
 */
export function replaceFiles(root: BytePath, replacements: readonly Replacement[], scratch: string): void {
  const fresh = join(scratch, 'new');
  const aside = join(scratch, 'old');
  mkdirSync(fresh);
  mkdirSync(aside);
  const files = replacements.flatMap(({ path, file }, index) => {
    const place = join(fresh, String(index));
    if (file) writeFresh(place, file);
    return file ? [{ path, place, mode: file.mode }] : [];
  });
  const edit: Edit = { root, aside, undo: [], count: 0 };
  try {
    const old = new Map(replacements.map(({ path }) => [path, setAside(edit, path)]));
    for (const { path, file } of replacements) if (!file) removeEmptyParents(edit, path);
    for (const { path, place, mode } of files) putInPlace(edit, path, place, { mode, old: old.get(path) });
  } catch (error) {
    for (const step of edit.undo.toReversed()) step();
    throw error;
  }
}

function writeFresh(place: string, { mode, bytes }: NonNullable<Replacement['file']>): void {
  if (mode === '120000') symlinkSync(bytes, place);
  else writeFileSync(place, bytes, { flag: 'wx' });
}

function locate({ root }: Edit, path: BytePath): string | Buffer {
  return toNative(joinPath(root, path));
}

/** Moves a file or link out of the way and tells what it was. */
function setAside(edit: Edit, path: BytePath): Stats | undefined {
  const place = locate(edit, path);
  let status: Stats;
  try {
    status = lstatSync(place);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
  if (status.isDirectory()) return undefined;
  const kept = join(edit.aside, String(edit.count++));
  renameSync(place, kept);
  edit.undo.push(() => renameSync(kept, place));
  return status;
}

/** As git does: a directory goes with its last file. */
function removeEmptyParents(edit: Edit, path: BytePath): void {
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
    const place = locate(edit, at);
    if (!isDirectory(place)) continue;
    if (readdirSync(place).length > 0) return;
    const { mode, uid, gid } = lstatSync(place);
    rmdirSync(place);
    edit.undo.push(() => {
      mkdirSync(place, { mode });
      giveTo(place, { uid, gid });
    });
  }
}

function putInPlace(
  edit: Edit,
  path: BytePath,
  fresh: string,
  { mode, old }: { readonly mode: string; readonly old: Stats | undefined },
): void {
  makeParents(edit, parentOf(path));
  // An empty directory may be left where the file goes.
  const place = locate(edit, path);
  if (isDirectory(place)) {
    rmdirSync(place);
    edit.undo.push(() => mkdirSync(place));
  }
  if (mode !== '120000') chmodSync(fresh, permissions(mode, old));
  giveTo(fresh, old ?? lstatSync(locate(edit, parentOf(path))));
  renameSync(fresh, place);
  edit.undo.push(() => renameSync(place, fresh));
}

/** What the person set stays, as far as the change says nothing about it. */
function permissions(mode: string, old: Stats | undefined): number {
  const executable = mode === '100755';
  if (old?.isFile() && ((old.mode & 0o100) !== 0) === executable) return old.mode & 0o777;
  return executable ? 0o755 : 0o644;
}

/** Under root a new file belongs to whom the place belongs, so that the person can work on. */
function giveTo(place: string | Buffer, { uid, gid }: Pick<Stats, 'uid' | 'gid'>): void {
  if (process.getuid?.() === 0) lchownSync(place, uid, gid);
}

/** Fails where a link or a file stands on the way. */
function makeParents(edit: Edit, path: BytePath): void {
  if (path === '') return;
  makeParents(edit, parentOf(path));
  const place = locate(edit, path);
  if (isDirectory(place)) return;
  mkdirSync(place, { mode: 0o755 });
  edit.undo.push(() => rmdirSync(place));
  giveTo(place, lstatSync(locate(edit, parentOf(path))));
}

function isDirectory(place: string | Buffer): boolean {
  try {
    return lstatSync(place).isDirectory();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
