import { createHash, type Hash, hash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { SecretHit, SecretSentinel } from '../text/index.ts';
import type { NativePath } from './byte-path.ts';
import type { ManifestEntry } from './manifest.ts';

/** Files up to this size are held in memory once; larger ones are read in pieces. */
const WHOLE = 8 * 1024 * 1024;
const PIECE = 1024 * 1024;

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** An open source file: what it is, and its content when it is small. */
export interface SourceFile {
  readonly descriptor: number;
  readonly size: number;
  readonly executable: boolean;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  /** The whole content, when it fits. */
  readonly bytes: Buffer | undefined;
}

/**
 * Opens without following a link and without waiting for a pipe; undefined when it is no regular file any more. The
 * content is read at once when the file has at most `whole` bytes.
 */
export function openSource(path: NativePath, whole: number = WHOLE): SourceFile | undefined {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const status = fstatSync(descriptor);
  if (!status.isFile()) {
    closeSync(descriptor);
    return undefined;
  }
  const { size, atimeMs, mtimeMs } = status;
  const bytes = size <= whole ? readWhole(descriptor, size) : undefined;
  return { descriptor, size, atimeMs, mtimeMs, bytes, executable: (status.mode & 0o100) !== 0 };
}

export function closeSource(file: SourceFile): void {
  closeSync(file.descriptor);
}

function readWhole(descriptor: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const count = readSync(descriptor, buffer, at, size - at, at);
    if (count === 0) break;
    at += count;
  }
  return buffer.subarray(0, at);
}

/** Each piece is overwritten by the next one: whoever keeps it copies it. */
function* readPieces(file: SourceFile): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(PIECE);
  for (let at = 0; ; ) {
    const count = readSync(file.descriptor, buffer, 0, PIECE, at);
    if (count === 0) return;
    at += count;
    yield buffer.subarray(0, count);
  }
}

/** Known secrets in the file, in any encoding. */
export function findSecrets(file: SourceFile, sentinel: SecretSentinel | undefined): readonly SecretHit[] {
  if (sentinel === undefined) return [];
  // Nobody hides a secret of this run in the repository before it: alphabets of a sender's own are not looked for.
  if (file.bytes) return sentinel.findEncoded(file.bytes);
  const stream = sentinel.stream();
  const hits: SecretHit[] = [];
  for (const piece of readPieces(file)) hits.push(...stream.push(piece).hits);
  return [...hits, ...stream.end().hits];
}

/** Git's name of these bytes as a blob. */
export function blobId(bytes: Uint8Array, format: 'sha1' | 'sha256'): string {
  const header = `blob ${bytes.length}\0`;
  if (bytes.length < 4096) return hash(format, Buffer.concat([Buffer.from(header, 'latin1'), bytes]), 'hex');
  return createHash(format).update(header, 'latin1').update(bytes).digest('hex');
}

function idOf(file: SourceFile, format: 'sha1' | 'sha256'): string {
  if (file.bytes) return blobId(file.bytes, format);
  const digest: Hash = createHash(format).update(`blob ${file.size}\0`, 'latin1');
  for (const piece of readPieces(file)) digest.update(piece);
  return digest.digest('hex');
}

export interface WriteOptions {
  readonly objectFormat: 'sha1' | 'sha256';
  readonly owner: Owner | undefined;
}

/** Bytes and times of a file about to be staged. */
export interface StagedContent {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
  readonly atimeMs: number;
  readonly mtimeMs: number;
}

export type StagedStatus = Omit<ManifestEntry, 'path' | 'tracked'>;

/** Copies an open source file to a path that must not exist yet. */
export function stageCopy(file: SourceFile, target: NativePath, options: WriteOptions): StagedStatus {
  if (file.bytes) return stageBytes({ ...file, bytes: file.bytes }, target, options);
  // Through the descriptor: the name may have come to mean another file since it was opened.
  const from = `/proc/self/fd/${file.descriptor}`;
  copyFileSync(from, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const descriptor = openSync(target, constants.O_RDWR | constants.O_NOFOLLOW);
  return finish(descriptor, file, idOf(file, options.objectFormat), options);
}

/** Writes bytes to a path that must not exist yet. */
export function stageBytes(content: StagedContent, target: NativePath, options: WriteOptions): StagedStatus {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = openSync(target, flags, content.executable ? 0o755 : 0o644);
  let at = 0;
  while (at < content.bytes.length) at += writeSync(descriptor, content.bytes, at);
  return finish(descriptor, content, blobId(content.bytes, options.objectFormat), options);
}

function finish(
  descriptor: number,
  content: Pick<StagedContent, 'executable' | 'atimeMs' | 'mtimeMs'>,
  id: string,
  options: WriteOptions,
): StagedStatus {
  try {
    const wanted = content.executable ? 0o755 : 0o644;
    if (options.owner) fchownSync(descriptor, options.owner.uid, options.owner.gid);
    futimesSync(descriptor, content.atimeMs / 1000, content.mtimeMs / 1000);
    let status = fstatSync(descriptor, { bigint: true });
    if ((Number(status.mode) & 0o7777) !== wanted) {
      fchmodSync(descriptor, wanted);
      status = fstatSync(descriptor, { bigint: true });
    }
    return { id, ...statusOf(status), mode: content.executable ? '100755' : '100644' };
  } finally {
    closeSync(descriptor);
  }
}

/** The part of a status by which an untouched file is recognised later. */
export function statusOf(status: BigIntStats): { size: number; mtime: string; ctime: string } {
  return { size: Number(status.size), mtime: String(status.mtimeNs), ctime: String(status.ctimeNs) };
}
