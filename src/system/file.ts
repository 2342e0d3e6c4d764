import { closeSync, constants, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_WRONLY, O_CREAT, O_EXCL } = constants;
const CHUNK = 64 * 1024;

/**
 * Reads a regular file that others may have written: a link in the last place, a device, a pipe or more than `limit`
 * bytes is refused.
 * @throws the system's error (`ELOOP` for a link), or an `Error` for what is no regular file or too long.
 */
export async function readFileNoFollow(path: string, limit = 64 * 1024 * 1024): Promise<Buffer> {
  // O_NONBLOCK: opening a planted pipe must not hang.
  await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const stat = await file.stat();
  if (!stat.isFile()) throw new Error(`${path} is not a regular file`);
  // By reading, not by the size it claims: `/proc` files claim none, and others may grow meanwhile.
  const chunks: Buffer[] = [];
  for (let length = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    length += bytesRead;
    if (length > limit) throw new Error(`${path} is larger than ${limit} bytes`);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/**
 * Reads a file that a person named: a link and a pipe (`<(…)`) are what was meant, more than `limit` bytes is a mistake,
 * and `/dev/zero` has no end.
 * @throws the system's error, `EFBIG` for what is too long.
 */
export function readFileWithin(path: string, limit = 64 * 1024 * 1024): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let length = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const read = readSync(descriptor, chunk, 0, CHUNK, null);
      if (read === 0) return Buffer.concat(chunks);
      length += read;
      if (length > limit) throw Object.assign(new Error(`more than ${limit} bytes`), { code: 'EFBIG' });
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a file; undefined for one that is absent or unreadable, where both mean that it says nothing. */
export function readTextIfAny(path: string): string | undefined {
  try {
    return readFileWithin(path).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Creates a file that must not exist yet; never writes through a link somebody put there. `EEXIST` when it does. */
export async function writeFileExclusive(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  await file.writeFile(content);
}
