import type { PathClass } from '../policy/index.ts';

export interface ChangedFile {
  /** Repository-relative, `/`-separated, as git has it (may hold any byte but NUL; shown only escaped). */
  readonly path: string;
  readonly previousPath?: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'mode';
  readonly class: PathClass;
  readonly oldMode: string | undefined;
  readonly newMode: string | undefined;
  readonly binary: boolean;
  readonly addedLines: number;
  readonly removedLines: number;
}

/** A file effect that was kept out of the patch, and why. */
export interface WithheldFile {
  readonly path: string;
  readonly reason: string;
  readonly rule: string;
}

/** What the run did to the repository, computed against the pristine tree with a git directory the agent never touched. */
export interface Change {
  readonly base: { readonly commit: string | undefined; readonly tree: string };
  readonly head: { readonly tree: string };
  readonly files: readonly ChangedFile[];
  /** Not in the patch: protected paths, out of write scope, over a limit, carrying a secret. */
  readonly withheld: readonly WithheldFile[];
  /** `partial` when something was withheld; `over-limit` when the change as a whole was too large and the patch is empty. */
  readonly status: 'complete' | 'partial' | 'over-limit';
  /** Paths under the run directory. */
  readonly patchFile: string;
  readonly patchBytes: number;
  readonly patchSha256: string;
  /** Present when a plain patch cannot carry the change (modes, binaries, renames, links). */
  readonly bundleFile: string | undefined;
  /** Present when files were withheld that a person may still accept: what the policy asks about or denies. */
  readonly reviewFile: string | undefined;
  readonly secretHits: readonly { readonly path: string; readonly name: string; readonly encoding: string }[];
}
