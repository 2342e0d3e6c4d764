import { createHash } from 'node:crypto';
import { type BytePath, comparePaths } from './byte-path.ts';

/** One line of a git index. */
export interface IndexEntry {
  readonly path: BytePath;
  /** `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  /** Object name, hexadecimal. */
  readonly id: string;
  /** State of the file for which `id` is known to be right; without it git looks at the content itself. */
  readonly stat?: { readonly size: number; readonly mtimeSeconds: number; readonly mtimeNanoseconds: number };
  /** git must not look at the file at all: what is staged differs on purpose. */
  readonly assumeUnchanged?: boolean;
  /** One side of a conflict; absent for a path without one. */
  readonly stage?: 1 | 2 | 3;
  /** Outside a sparse checkout. */
  readonly skipWorktree?: boolean;
}

const ASSUME_VALID = 0x8000;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;
const MAX_NAME = 0xfff;
const STAGE_SHIFT = 12;
/** ctime, mtime, dev, ino, mode, uid, gid, size: ten 32-bit numbers. */
const STAT_BYTES = 40;

/**
 * The bytes of a git index (gitformat-index(5), version 2, or 3 where a flag needs it). We write it ourselves because
 * the object names are known from copying: asking git would read every file again.
 */
export function encodeIndex(entries: readonly IndexEntry[], format: 'sha1' | 'sha256'): Buffer {
  const sorted = entries.toSorted(
    (left, right) => comparePaths(left.path, right.path) || (left.stage ?? 0) - (right.stage ?? 0),
  );
  const header = Buffer.alloc(12);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(sorted.some((entry) => entry.skipWorktree) ? 3 : 2, 4);
  header.writeUInt32BE(sorted.length, 8);
  const body = Buffer.concat([header, ...sorted.map(encodeEntry)]);
  return Buffer.concat([body, createHash(format).update(body).digest()]);
}

function encodeEntry(entry: IndexEntry): Buffer {
  const id = Buffer.from(entry.id, 'hex');
  const extended = entry.skipWorktree === true;
  const fixed = STAT_BYTES + id.length + (extended ? 4 : 2);
  const length = fixed + entry.path.length;
  const bytes = Buffer.alloc(length + 8 - (length % 8));
  if (entry.stat) {
    bytes.writeUInt32BE(entry.stat.mtimeSeconds >>> 0, 8);
    bytes.writeUInt32BE(entry.stat.mtimeNanoseconds, 12);
    bytes.writeUInt32BE(entry.stat.size % 0x1_0000_0000, 36);
  }
  bytes.writeUInt32BE(Number.parseInt(entry.mode, 8), 24);
  id.copy(bytes, STAT_BYTES);
  const flags =
    Math.min(entry.path.length, MAX_NAME) |
    ((entry.stage ?? 0) << STAGE_SHIFT) |
    (extended ? EXTENDED : 0) |
    (entry.assumeUnchanged ? ASSUME_VALID : 0);
  bytes.writeUInt16BE(flags, STAT_BYTES + id.length);
  if (extended) bytes.writeUInt16BE(SKIP_WORKTREE, STAT_BYTES + id.length + 2);
  bytes.write(entry.path, fixed, 'latin1');
  return bytes;
}
