import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { errorCode } from './error-code.ts';

const STANDARD_STREAMS = 2;
const O_CLOEXEC = 0o2000000;

/**
 * Closes every descriptor above standard error that a child would inherit, but for those in `keep`, and returns the
 * numbers closed.
 *
 * A descriptor leaked by whoever started us is a way out of the sandbox: `/proc/self/fd/N` reopens even a read-only one
 * for writing. Node marks inherited descriptors close-on-exec only in a contiguous prefix, so each is looked up in
 * `/proc/self/fdinfo`. Call it before anything else is opened or spawned.
 */
export function closeInheritedDescriptors(keep: readonly number[] = []): readonly number[] {
  const closed: number[] = [];
  for (const name of readdirSync('/proc/self/fd')) {
    const descriptor = Number(name);
    if (descriptor <= STANDARD_STREAMS || keep.includes(descriptor) || !isInheritable(descriptor)) continue;
    closeSync(descriptor);
    closed.push(descriptor);
  }
  return closed;
}

function isInheritable(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  } catch (error) {
    // The descriptor that listed the directory is gone by now.
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
