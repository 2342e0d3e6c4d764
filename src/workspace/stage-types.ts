import type { HiddenForm, HideList, PathClass } from '../policy/index.ts';
import type { RandomBytes } from '../system/index.ts';
import type { SecretSentinel } from '../text/index.ts';
import type { Decoy } from './decoys.ts';
import type { Owner } from './staged-file.ts';

/** Bounds of a workspace that is staged; beyond one, staging ends with SP1303. */
export interface StageLimits {
  readonly files: number;
  readonly bytes: number;
  readonly depth: number;
}

export interface StageRequest {
  /** Absolute path of the checkout. Only read. */
  readonly source: string;
  /** Empty directory of this run, private to us. */
  readonly destination: string;
  /** Protected ref from which agent configuration comes; HEAD when undefined. A named ref that is missing is SP1302. */
  readonly base: string | undefined;
  /** Untracked files that must not come along: those that one of the lists hides. */
  readonly hide: readonly HideList[];
  readonly hidden: HiddenForm;
  /** Absolute directories that the agent sees at the same place: links into them stay as they are. */
  readonly shown?: readonly string[];
  /** Globs of files that the policy itself provides inside; the checkout's are left out. */
  readonly provided: readonly string[];
  /** Where the evidence of this run will be, absolute and without links; when that is in the tree, it is left out. */
  readonly evidence?: string;
  /** Who owns the staged files, when we are root. */
  readonly owner: Owner | undefined;
  /** Finds the secrets of this run; undefined when it has none. */
  readonly sentinel: SecretSentinel | undefined;
  readonly random: RandomBytes;
  readonly limits?: StageLimits;
}

export interface StagedCounts {
  readonly files: number;
  readonly directories: number;
  readonly links: number;
  readonly bytes: number;
  readonly tracked: number;
}

export interface StagedRepository {
  readonly head: string | undefined;
  readonly branch: string | undefined;
  readonly baseCommit: string | undefined;
  readonly refs: number;
  readonly shallow: boolean;
  readonly objectFormat: 'sha1' | 'sha256';
}

/** A file taken from the base although the checkout has its own version. */
export interface ParkedFile {
  readonly path: string;
  readonly class: PathClass;
  /** Name in the parked directory; undefined when the checkout has none, or one that must not be shown. */
  readonly file: string | undefined;
  readonly staged: 'base' | 'absent';
}

/** The private copy of the workspace, and everything that is different in it. */
export interface Stage {
  /** The pristine tree: what the workspace is copied from, or lies over. */
  readonly lower: string;
  /** Versions of the change that were not staged, as inert text; may be mounted read-only. */
  readonly parkedDirectory: string;
  /** What `collectChange` needs: manifest and a git directory the agent never sees. */
  readonly baseline: string;
  /** Undefined for a plain directory. */
  readonly repository: StagedRepository | undefined;
  /** Git tree of the staged tracked files. */
  readonly tree: string;
  readonly counts: StagedCounts;
  /** Of the whole staged tree, objects of the repository too: links, files and directories, and bytes. */
  readonly extent: { readonly entries: number; readonly bytes: number };
  readonly hidden: readonly { readonly path: string; readonly reason: string; readonly decoy: boolean }[];
  readonly parked: readonly ParkedFile[];
  readonly removedLinks: readonly { readonly path: string; readonly target: string; readonly reason: string }[];
  readonly rewrittenLinks: readonly { readonly path: string; readonly target: string }[];
  /** Special and unreadable files, which were not copied. */
  readonly refused: readonly { readonly path: string; readonly kind: string }[];
  /** Tracked files with a secret of this run or a token by shape: part of the history, so only reported. */
  readonly secretsInTree: readonly { readonly path: string; readonly name: string; readonly encoding: string }[];
  readonly warnings: readonly string[];
  /** Values to be added to the run's secrets. Never part of a record. */
  readonly decoys: readonly Decoy[];
}
