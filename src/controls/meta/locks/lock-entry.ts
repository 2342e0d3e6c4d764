import type { Place } from '../../../syntax/index.ts';

/** One package of a lock file. */
export interface LockEntry {
  readonly name: string;
  readonly version: string;
  /** Where it is fetched from, as written. */
  readonly urls: readonly string[];
  /** Digests, as written. */
  readonly hashes: readonly string[];
  readonly place: Place;
  readonly urlPlace: Place | undefined;
  readonly hashPlace: Place | undefined;
}

/** Host of an address, in lower case; the scheme and path for what has none. */
export function hostOf(url: string): string {
  const [, host] = /^[\w+.-]{1,30}:\/\/(?:[^@/\s]{0,200}@)?([^/\s:#?]{1,255})/.exec(url) ?? [];
  if (host !== undefined) return host.toLowerCase();
  return /^git@([^:\s]{1,255}):/.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** Fetched over a way on which anybody between can change it, or from a repository whose content moves. */
export function isLoose(url: string): boolean {
  return (
    /^(?:http|git|git\+http|git\+ssh|ssh|git\+git|git\+https|file|link):|^git@/.test(url) &&
    !/^(?:file|link):\.?\.?\//.test(url)
  );
}
