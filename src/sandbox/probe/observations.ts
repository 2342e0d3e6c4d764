import type { Check, CheckContext } from './checks.ts';
import { observed, works } from './checks.ts';

const AT_FDCWD = -100;
const O_DIRECTORY = 0o200000;
const O_CLOEXEC = 0o2000000;
/** What one read of a `/proc` table returns at most. */
const PAGE = 4096;
const MOUNT_PAGES = 16;
/** Enough to notice that there was more. */
const END_BYTES = 16;

/** Rows whose content is judged. The descriptors come first, before the probe opens any of its own. */
export function descriptorObservations(): readonly Check[] {
  return [
    ...directory('descriptors', '/proc/self/fd', PAGE),
    ...[0, 1, 2].map((descriptor) =>
      observed(`descriptor.${descriptor}`, 'readlinkat', [
        AT_FDCWD,
        `/proc/self/fd/${descriptor}`,
        { buffer: PAGE },
        PAGE,
      ]),
    ),
  ];
}

/** What the agent would see of itself and of the world. */
export function viewObservations({ environmentBytes }: CheckContext): readonly Check[] {
  return [
    ...file('status', '/proc/self/status', PAGE),
    ...file('environment', '/proc/self/environ', environmentBytes + PAGE),
    observed('init-environment.open', 'openat', [AT_FDCWD, '/proc/1/environ', O_CLOEXEC]),
    observed('init-environment.read-0', 'read', [{ resultOf: 'init-environment.open' }, { buffer: PAGE }, PAGE]),
    ...file('init-command', '/proc/1/cmdline', 2 * PAGE),
    ...file('hostname', '/proc/sys/kernel/hostname', PAGE),
    ...file('interfaces', '/proc/self/net/dev', PAGE),
    ...file('limits', '/proc/self/limits', PAGE),
    ...file('mounts', '/proc/self/mountinfo', PAGE, MOUNT_PAGES),
    ...directory('processes', '/proc', 8 * PAGE),
    ...directory('devices', '/dev', 2 * PAGE),
  ];
}

/** Names of the rows that hold one file's content, in order; the last must be empty, else the content is cut. */
export function readRows(name: string): readonly string[] {
  const reads = name === 'mounts' ? MOUNT_PAGES : 1;
  return Array.from({ length: reads + 1 }, (_, index) => `${name}.read-${index}`);
}

function file(name: string, path: string, bytes: number, reads = 1): readonly Check[] {
  const descriptor = { resultOf: `${name}.open` };
  const read = (index: number, length: number): Check =>
    observed(`${name}.read-${index}`, 'read', [descriptor, { buffer: length }, length]);
  return [
    works(`${name}.open`, 'openat', [AT_FDCWD, path, O_CLOEXEC]),
    ...Array.from({ length: reads }, (_, index) => read(index, bytes)),
    read(reads, END_BYTES),
  ];
}

function directory(name: string, path: string, bytes: number): readonly Check[] {
  const descriptor = { resultOf: `${name}.open` };
  return [
    works(`${name}.open`, 'openat', [AT_FDCWD, path, O_DIRECTORY | O_CLOEXEC]),
    observed(`${name}.read-0`, 'getdents64', [descriptor, { buffer: bytes }, bytes]),
    observed(`${name}.read-1`, 'getdents64', [descriptor, { buffer: END_BYTES }, END_BYTES]),
  ];
}

/** Names in what getdents64(2) returned. */
export function readDirectoryNames(bytes: Buffer): readonly string[] {
  const names: string[] = [];
  const headerBytes = 19;
  for (let at = 0; at + headerBytes < bytes.length; ) {
    const recordBytes = bytes.readUInt16LE(at + 16);
    if (recordBytes < headerBytes || at + recordBytes > bytes.length) break;
    const name = bytes.subarray(at + headerBytes, at + recordBytes);
    names.push(name.subarray(0, name.indexOf(0)).toString('latin1'));
    at += recordBytes;
  }
  return names.filter((name) => name !== '.' && name !== '..');
}
