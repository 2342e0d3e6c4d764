/**
 * Paths as bytes. A file name on Linux is any bytes but NUL and `/`; decoding it as UTF-8 would make two names one.
 * Inside this room a path is a string with one character a byte (latin1), relative to the tree, `/`-separated.
 */
export type BytePath = string;

/** What `node:fs` takes: plain ASCII as it is, everything else as the bytes themselves. */
export type NativePath = string | Buffer;

const ASCII = /^[\x01-\x7f]*$/;

/** The path in the form that `node:fs` hands to the system unchanged. */
export function toNative(path: BytePath): NativePath {
  return ASCII.test(path) ? path : Buffer.from(path, 'latin1');
}

/** The bytes of a path that came from outside as text. */
export function fromText(path: string): BytePath {
  return ASCII.test(path) ? path : Buffer.from(path, 'utf8').toString('latin1');
}

/** The path as text for records and reports. Bytes that are not UTF-8 show as U+FFFD; escaping is up to the face. */
export function toText(path: BytePath): string {
  return ASCII.test(path) ? path : Buffer.from(path, 'latin1').toString('utf8');
}

/** Joins two relative paths; either may be empty (the root). */
export function joinPath(directory: BytePath, name: BytePath): BytePath {
  return directory === '' ? name : `${directory}/${name}`;
}

/** The directory part; empty for a name in the root. */
export function parentOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Order of git and of the byte values. */
export function comparePaths(left: BytePath, right: BytePath): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Code points that HFS+ drops from names, as UTF-8 bytes: `.g<U+200C>it` is `.git` there. */
const IGNORED_BY_HFS = /\xe2\x80[\x8c-\x8f\xaa-\xae]|\xe2\x81[\xaa-\xaf]|\xef\xbb\xbf/g;

/**
 * Is this one path component a git directory on some file system? Without case, with the short name of NTFS, with
 * what NTFS drops (trailing dots, spaces, streams) and with what HFS+ drops (CVE-2014-9390, CVE-2019-1352).
 */
export function isGitDirectoryName(name: BytePath): boolean {
  const plain = name
    .replace(IGNORED_BY_HFS, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
  return plain === '.git' || plain === 'git~1';
}
