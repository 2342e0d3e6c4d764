/**
 * Forms of a path that another file system reads as another path. The CLI asks about them on every system, when it reads
 * in the working directories and whenever it writes; only `bypassPermissions`, and a whole `Read` for reading, let them be.
 */
const FORMS: readonly RegExp[] = [
  // Short names of FAT and NTFS.
  /~\d/,
  // Windows cuts dots and blanks off the end of a name.
  /[.\s](?:\/|$)/,
  // Devices.
  /\.(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i,
];

/** @param path absolute, without detours. */
export function isSuspicious(path: string): boolean {
  return FORMS.some((form) => form.test(path));
}
