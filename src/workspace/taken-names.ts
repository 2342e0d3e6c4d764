import { foldName } from '../policy/index.ts';
import { type BytePath, parentOf, toText } from './byte-path.ts';
import type { Manifest } from './manifest.ts';

/**
 * What Windows calls a longer name beside it: six characters, a tilde and a number. `GITHUB~1` is `.github` there,
 * whatever the rules for paths say about that one (git refuses `git~1` alone, CVE-2014-9390).
 */
const SHORT_NAME = /(?:^|\/)[^/.~]{1,6}~[1-9](?:\.[^/.]{1,3})?(?:\/|$)/;

/** Is a name of the path such a short one? */
export function hasShortName(path: BytePath): boolean {
  return SHORT_NAME.test(path);
}

/** Names that no file system takes for another spelling: in small letters they are what they mean everywhere. */
const ORDINARY = /^(?:[\w-]|\.(?=[\w-])|\/)+$/;

/**
 * The names of a tree as file systems see them that tell fewer names apart than git does (no case, one form of an
 * accent). There a file that is added beside its twin takes its place in every checkout, and one below a link's twin
 * is written to where the link points (CVE-2021-21300, CVE-2024-32002).
 */
export class TakenNames {
  readonly #files = new Map<string, BytePath>();
  readonly #directories = new Map<string, BytePath>();

  /** The tracked names that are still there. */
  constructor(manifest: Manifest, deleted: ReadonlySet<BytePath>) {
    for (const { path, tracked } of manifest.entries) if (tracked && !deleted.has(path)) this.#add(path);
  }

  /** Adds a new path. Returns the one of another spelling that is the same name, or the same as a directory of it. */
  claim(path: BytePath): BytePath | undefined {
    const clash = this.#twinOf(path);
    this.#add(path);
    return clash;
  }

  #twinOf(path: BytePath): BytePath | undefined {
    const name = foldPath(path);
    const file = this.#files.get(name) ?? this.#directories.get(name);
    if (file !== undefined && file !== path) return file;
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const above = this.#files.get(foldPath(at));
      if (above !== undefined && above !== at) return above;
    }
    return undefined;
  }

  #add(path: BytePath): void {
    this.#files.set(foldPath(path), path);
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const name = foldPath(at);
      if (this.#directories.has(name)) return;
      this.#directories.set(name, at);
    }
  }
}

function foldPath(path: BytePath): string {
  return ORDINARY.test(path) ? path.toLowerCase() : foldName(toText(path));
}
