import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A name for one run, of 16 hexadecimal digits. From the kernel's own source: it is needed first of all, and to load
 * `node:crypto` takes longer than to start the processes that bear the name.
 */
export function createRunId(): string {
  const bytes = Buffer.alloc(8);
  const source = openSync('/dev/urandom', 'r');
  try {
    readSync(source, bytes);
  } finally {
    closeSync(source);
  }
  return bytes.toString('hex');
}
