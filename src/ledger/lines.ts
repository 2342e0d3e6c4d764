/** Reads a file line by line in constant memory. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../system/index.ts';

const NEWLINE = 0x0a;
const BLOCK_BYTES = 1024 * 1024;

export interface Line {
  /** Without its newline. Valid until the next line is asked for. */
  readonly bytes: Buffer;
  /** The same with one free byte in front, for the prefix of a leaf hash. */
  readonly prefixed: Buffer;
  /** False for a last line that does not end in a newline: the mark of a writer that was stopped. */
  readonly whole: boolean;
}

/**
 * The lines of a file; none when it does not exist. A line longer than `limit` is handed out cut at the limit, and what
 * follows as further lines: nothing in a hostile file makes this hold more than one block and one line.
 *
 * Reads synchronously: verifying is bound by the processor, and blocks of a megabyte leave nothing to overlap.
 */
export function* readLines(path: string, limit = BLOCK_BYTES): Generator<Line, void, void> {
  const descriptor = openIfPresent(path);
  if (descriptor === undefined) return;
  try {
    if (!isFile(descriptor)) return;
    const block = Buffer.allocUnsafe(1 + limit + BLOCK_BYTES);
    let held = 0;
    for (;;) {
      const read = readSync(descriptor, block, 1 + held, block.length - 1 - held, null);
      const end = 1 + held + read;
      let start = 1;
      for (;;) {
        const found = block.subarray(0, end).indexOf(NEWLINE, start);
        const length = (found < 0 ? end : found) - start;
        if (found < 0 && length <= limit) break;
        yield lineOf(block, start, start + Math.min(length, limit), true);
        start += length > limit ? limit : length + 1;
      }
      held = end - start;
      if (read === 0) {
        if (held > 0) yield lineOf(block, start, end, false);
        return;
      }
      block.copy(block, 1, start, end);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The first `limit` bytes of a file; undefined when it does not exist. What is longer than it may be is not held. */
export function readStart(path: string, limit: number): Buffer | undefined {
  const descriptor = openIfPresent(path);
  if (descriptor === undefined) return undefined;
  try {
    const bytes = Buffer.alloc(isFile(descriptor) ? limit : 0);
    let held = 0;
    for (let read = -1; read !== 0 && held < bytes.length; held += read)
      read = readSync(descriptor, bytes, held, bytes.length - held, null);
    return bytes.subarray(0, held);
  } finally {
    closeSync(descriptor);
  }
}

function lineOf(block: Buffer, start: number, end: number, whole: boolean): Line {
  return { bytes: block.subarray(start, end), prefixed: block.subarray(start - 1, end), whole };
}

function openIfPresent(path: string): number | undefined {
  try {
    // A pipe in place of a file must not make a verifier wait for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A pipe or a device holds nothing of a log; the latter would never end. */
function isFile(descriptor: number): boolean {
  return fstatSync(descriptor).isFile();
}
