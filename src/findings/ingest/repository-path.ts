/** A path of the repository, or why what a scanner writes is none. */
export type PathReading = { readonly path: string } | { readonly fault: string };

const MOST_LENGTH = 4_096;

/**
 * The path that a scanner names, relative to the root of the repository. Absolute paths, other schemes and paths that
 * climb out are faults: a report must not point at files that are not part of the change.
 *
 * @param isUri percent signs are escapes, as in SARIF
 * @example readPath('./src/a%20b.ts', true) // { path: 'src/a b.ts' }
 */
export function readPath(text: string, isUri: boolean): PathReading {
  if (text.length > MOST_LENGTH) return { fault: 'a path is too long' };
  const decoded = isUri ? decode(text.replace(/^file:\/\/\.\//i, './')) : text;
  if (decoded === undefined) return { fault: 'a path is not encoded as an address is' };
  if (/^[a-z][a-z0-9+.-]+:/i.test(decoded) || /^[a-z]:[\\/]/i.test(decoded) || /^[\\/]/.test(decoded))
    return { fault: 'a path is not relative to the root of the repository' };
  // Scanners on Windows write their separator; git never does.
  const parts = decoded.replaceAll('\\', '/').split('/');
  const kept = parts.filter((part) => part !== '' && part !== '.');
  if (kept.includes('..')) return { fault: 'a path leaves the repository' };
  if (kept.some((part) => part.toLowerCase() === '.git')) return { fault: "a path lies in git's own directory" };
  if (/[\0-\x1f\x7f]/.test(decoded)) return { fault: 'a path has control characters' };
  return kept.length === 0 ? { fault: 'a path is empty' } : { path: kept.join('/') };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
