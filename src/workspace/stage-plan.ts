import {
  compileGlobs,
  compileHiddenFiles,
  createClassifier,
  type PathClassifier,
  type PathMatcher,
} from '../policy/index.ts';
import { type BytePath, toText } from './byte-path.ts';
import type { Decoy } from './decoys.ts';
import { pathWithin } from './evidence.ts';
import type { CopiedRepository } from './git-copy.ts';
import type { ManifestEntry } from './manifest.ts';
import type { ParkedFile, StageLimits, StageRequest } from './stage-types.ts';
import { DEPENDENCY_DIRECTORIES } from './staging-classes.ts';
import type { TrackedFile } from './tracked-files.ts';

/** Larger than any checkout that a job works on, small enough that a hostile one ends soon. */
const DEFAULT_STAGE_LIMITS: StageLimits = { files: 500_000, bytes: 16 * 1024 ** 3, depth: 128 };

/** What is known before the first file is copied, and what has been found so far. */
export interface Staging {
  readonly request: StageRequest;
  readonly limits: StageLimits;
  readonly source: string;
  readonly lower: string;
  readonly parkedDirectory: string;
  readonly repository: CopiedRepository | undefined;
  readonly tracked: ReadonlyMap<BytePath, TrackedFile>;
  /** Files of the base in classes that come from the base, as far as they were not met in the checkout. */
  readonly base: Map<BytePath, { readonly mode: string; readonly id: string }>;
  readonly classify: PathClassifier;
  readonly isHidden: PathMatcher;
  readonly isProvided: PathMatcher;
  readonly isDependency: PathMatcher;
  readonly links: Map<BytePath, BytePath>;
  readonly directories: Set<BytePath>;
  readonly entries: Map<BytePath, ManifestEntry>;
  /** Where this run keeps its evidence, when that is in the tree. */
  readonly ownEvidence: BytePath | undefined;
  /** Directories with the evidence of runs, which are not staged. */
  readonly reserved: Set<BytePath>;
  /** Tracked paths that are staged otherwise than the checkout has them, on purpose. */
  readonly deliberate: Set<BytePath>;
  readonly found: Findings;
  files: number;
  bytes: number;
}

export interface Findings {
  readonly hidden: { path: string; reason: string; decoy: boolean }[];
  readonly parked: ParkedFile[];
  readonly removedLinks: { path: string; target: string; reason: string }[];
  readonly rewrittenLinks: { path: string; target: string }[];
  readonly refused: { path: string; kind: string }[];
  readonly secretsInTree: { path: string; name: string; encoding: string }[];
  readonly warnings: string[];
  readonly decoys: Decoy[];
}

/** A policy's patterns are text; a path of the tree is bytes. */
function byText(matches: PathMatcher): PathMatcher {
  return (path) => matches(toText(path));
}

/** Everything empty, ready for the walk. */
export function createStaging(
  given: Pick<Staging, 'request' | 'source' | 'lower' | 'parkedDirectory' | 'repository' | 'tracked' | 'base'>,
): Staging {
  const { request } = given;
  return {
    ...given,
    limits: request.limits ?? DEFAULT_STAGE_LIMITS,
    classify: createClassifier(),
    isHidden: byText(compileHiddenFiles(request.hide)),
    isProvided: byText(compileGlobs(request.provided, { fold: true })),
    isDependency: compileGlobs(DEPENDENCY_DIRECTORIES, { fold: false }),
    links: new Map(),
    directories: new Set(['']),
    entries: new Map(),
    ownEvidence: pathWithin(given.source, request.evidence),
    reserved: new Set(),
    deliberate: new Set(),
    found: {
      hidden: [],
      parked: [],
      removedLinks: [],
      rewrittenLinks: [],
      refused: [],
      secretsInTree: [],
      warnings: [],
      decoys: [],
    },
    files: 0,
    bytes: 0,
  };
}
