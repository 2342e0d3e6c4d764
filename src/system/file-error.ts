import { errorCode } from './error-code.ts';

/** What the system says of a file, in words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
  ['EEXIST', 'something stands there already'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['ELOOP', 'it is a link; name the file itself'],
  ['EFBIG', 'it is too large'],
  ['EMFILE', 'too many files are open; raise the limit (`ulimit -n`)'],
  ['ENFILE', 'the machine has too many files open'],
]);

/** Why a file cannot be used, for a message that names it. */
export function describeFileError(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error && error.message !== '' ? error.message : 'it cannot be used';
  return WORDS.get(code) ?? code;
}
