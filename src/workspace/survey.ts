import { type BigIntStats, type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { hasCode } from '../system/index.ts';
import { type BytePath, isGitDirectoryName, joinPath, parentOf, toNative, toText } from './byte-path.ts';
import type { WithheldFile } from './change.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';
import { statusOf } from './staged-file.ts';

/** One path whose state is not that of the manifest. */
export type Candidate =
  | {
      readonly kind: 'file';
      readonly path: BytePath;
      readonly before: ManifestEntry | undefined;
      readonly mode: number;
      readonly size: number;
    }
  | {
      readonly kind: 'link';
      readonly path: BytePath;
      readonly before: ManifestEntry | undefined;
      readonly target: BytePath;
    }
  | { readonly kind: 'deleted'; readonly path: BytePath; readonly before: ManifestEntry };

/** What the walk itself kept out, with the very name it has. */
export interface Exclusion extends WithheldFile {
  readonly place: BytePath;
}

/** The merged tree compared with the manifest, without opening a single file. */
export interface Survey {
  readonly candidates: readonly Candidate[];
  readonly withheld: readonly Exclusion[];
  readonly links: ReadonlyMap<BytePath, BytePath>;
  /** Where rules for ignored files stand. */
  readonly ignoreFiles: readonly BytePath[];
  /** Did the walk end before the tree did? */
  readonly truncated: boolean;
}

/** Bounds of the walk itself: what a hostile tree may cost before anything is read. */
export interface SurveyLimits {
  readonly entries: number;
  readonly depth: number;
  readonly pathBytes: number;
}

export const DEFAULT_SURVEY_LIMITS: SurveyLimits = { entries: 1_000_000, depth: 128, pathBytes: 3_500 };

const LONGEST_SHOWN = 400;

/**
 * What is known of a tree that was copied when it was complete, before the agent came (see `SettledTree` of the sandbox):
 * there no file has the status that the manifest says.
 */
export interface SettledCopy {
  readonly changeTime: string;
  readonly directories: { readonly [path: BytePath]: string };
}

interface Walk {
  readonly root: string;
  readonly limits: SurveyLimits;
  readonly manifest: ReadonlyMap<BytePath, ManifestEntry>;
  readonly knownDirectories: ReadonlySet<BytePath>;
  readonly reserved: ReadonlySet<BytePath>;
  readonly seen: Set<BytePath>;
  readonly settled: SettledCopy | undefined;
  /** Directories of a settled copy in whose place another one is: what lies there has another path than before. */
  readonly moved: Set<BytePath>;
  /** Directories we did not look into: what lies there counts as untouched. */
  readonly opaque: Set<BytePath>;
  readonly nested: Set<BytePath>;
  readonly candidates: Candidate[];
  readonly withheld: Exclusion[];
  readonly links: Map<BytePath, BytePath>;
  readonly ignoreFiles: BytePath[];
  readonly pending: { path: BytePath; depth: number }[];
  entries: number;
}

/**
 * Walks the tree the agent left. The agent is dead and the tree stands still, but everything in it is hostile: nothing
 * is opened here, no link is followed, and depth, length and number are bounded.
 */
export function surveyTree(
  root: string,
  manifest: Manifest,
  limits: SurveyLimits = DEFAULT_SURVEY_LIMITS,
  settled?: SettledCopy,
): Survey {
  const entries = new Map(manifest.entries.map((entry) => [entry.path, entry]));
  const walk: Walk = {
    root: Buffer.from(root).toString('latin1'),
    limits,
    manifest: entries,
    knownDirectories: directoriesOf(entries.keys()),
    reserved: new Set(manifest.reserved),
    seen: new Set(),
    settled,
    moved: new Set(),
    opaque: new Set(),
    nested: new Set(),
    candidates: [],
    withheld: [],
    links: new Map(),
    ignoreFiles: [],
    pending: [{ path: '', depth: 0 }],
    entries: 0,
  };
  for (let next = walk.pending.pop(); next !== undefined && walk.entries <= limits.entries; next = walk.pending.pop()) {
    visitDirectory(walk, next.path, next.depth);
  }
  const truncated = walk.entries > limits.entries;
  if (!truncated) addDeleted(walk);
  const { withheld, links, ignoreFiles } = walk;
  return { candidates: outsideNested(walk), withheld, links, ignoreFiles, truncated };
}

function directoriesOf(paths: Iterable<BytePath>): Set<BytePath> {
  const directories = new Set<BytePath>(['']);
  for (const path of paths) {
    for (let at = parentOf(path); !directories.has(at); at = parentOf(at)) directories.add(at);
  }
  return directories;
}

function absolute(walk: Walk, path: BytePath): string | Buffer {
  return toNative(path === '' ? walk.root : `${walk.root}/${path}`);
}

function withhold(walk: Walk, place: BytePath, rule: string, reason: string): void {
  const path = toText(place.length > LONGEST_SHOWN ? `${place.slice(0, LONGEST_SHOWN)}…` : place);
  walk.withheld.push({ path, place, rule, reason });
}

function visitDirectory(walk: Walk, path: BytePath, depth: number): void {
  const entries = list(walk, path);
  if (entries === undefined) return;
  if (hasMoved(walk, path)) walk.moved.add(path);
  walk.entries += entries.length;
  if (isNestedRepository(path, entries)) {
    if (!walk.knownDirectories.has(path)) {
      withhold(walk, path, 'nested-repository', 'is a git repository of its own');
      walk.opaque.add(path);
      return;
    }
    walk.nested.add(path);
  }
  for (const entry of entries) {
    if (isGitDirectoryName(entry.name)) {
      if (path !== '' || entry.name !== '.git')
        withhold(walk, joinPath(path, entry.name), 'git-name', 'is a name of git');
      continue;
    }
    visitEntry(walk, joinPath(path, entry.name), entry, depth);
  }
}

function list(walk: Walk, path: BytePath): Dirent[] | undefined {
  try {
    return readdirSync(absolute(walk, path), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EIO')) throw error;
    withhold(walk, path, 'unreadable', 'is a directory that cannot be read');
    walk.opaque.add(path);
    return undefined;
  }
}

/** A repository inside the tree, ordinary or bare: git would take its configuration for its own (CVE-2026-45033). */
function isNestedRepository(path: BytePath, entries: readonly Dirent[]): boolean {
  if (path === '') return false;
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  return (
    entries.some(({ name }) => isGitDirectoryName(name)) || ['head', 'objects', 'refs'].every((name) => names.has(name))
  );
}

function visitEntry(walk: Walk, path: BytePath, entry: Dirent, depth: number): void {
  if (walk.reserved.has(path)) {
    // Where the change is applied, our own reports would be written through what the agent left there.
    withhold(walk, path, 'evidence', 'stands where a run keeps its evidence');
    walk.opaque.add(path);
    return;
  }
  if (path.length > walk.limits.pathBytes || depth + 1 > walk.limits.depth) {
    withhold(walk, path, 'limit-depth', 'lies too deep');
    walk.opaque.add(path);
    return;
  }
  if (entry.isDirectory()) {
    walk.pending.push({ path, depth: depth + 1 });
    return;
  }
  walk.seen.add(path);
  const before = walk.manifest.get(path);
  const status = statusAt(walk, path);
  if (status?.isFile()) visitFile(walk, path, before, status);
  else if (status?.isSymbolicLink()) visitLink(walk, path, before, status);
  else withhold(walk, path, 'special-file', 'is a pipe, socket, device or unreadable entry');
}

function statusAt(walk: Walk, path: BytePath): BigIntStats | undefined {
  try {
    return lstatSync(absolute(walk, path), { bigint: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'EIO')) return undefined;
    throw error;
  }
}

function hasMoved(walk: Walk, path: BytePath): boolean {
  if (walk.settled === undefined) return false;
  if (path !== '' && walk.moved.has(parentOf(path))) return true;
  return walk.settled.directories[path] !== String(statusAt(walk, path)?.ino);
}

function isUntouched(walk: Walk, path: BytePath, before: ManifestEntry | undefined, status: BigIntStats): boolean {
  if (before === undefined) return false;
  const { size, mtime, ctime } = statusOf(status);
  if (before.size !== size || before.mtime !== mtime) return false;
  const { settled, moved } = walk;
  if (settled === undefined) return before.ctime === ctime;
  return status.ctimeNs < BigInt(settled.changeTime) && !moved.has(parentOf(path));
}

function visitFile(walk: Walk, path: BytePath, before: ManifestEntry | undefined, status: BigIntStats): void {
  if (path === '.gitignore' || path.endsWith('/.gitignore')) walk.ignoreFiles.push(path);
  if (isUntouched(walk, path, before, status)) return;
  walk.candidates.push({ kind: 'file', path, before, mode: Number(status.mode) & 0o7777, size: Number(status.size) });
}

function visitLink(walk: Walk, path: BytePath, before: ManifestEntry | undefined, status: BigIntStats): void {
  const target = readlinkSync(absolute(walk, path), { encoding: 'latin1' });
  walk.links.set(path, target);
  if (!isUntouched(walk, path, before, status)) walk.candidates.push({ kind: 'link', path, before, target });
}

function isUnder(path: BytePath, directories: ReadonlySet<BytePath>): boolean {
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) if (directories.has(at)) return true;
  return false;
}

function addDeleted(walk: Walk): void {
  for (const [path, before] of walk.manifest) {
    if (walk.seen.has(path) || !before.tracked || walk.opaque.has(path) || isUnder(path, walk.opaque)) continue;
    walk.candidates.push({ kind: 'deleted', path, before });
  }
}

/** Changes inside a directory that was there before and looks like a repository now are reported with it, as one. */
function outsideNested(walk: Walk): readonly Candidate[] {
  if (walk.nested.size === 0) return walk.candidates;
  const touched = new Map<BytePath, number>();
  for (const { path } of walk.candidates)
    for (let at = parentOf(path); at !== ''; at = parentOf(at))
      if (walk.nested.has(at)) touched.set(at, (touched.get(at) ?? 0) + 1);
  for (const [path, files] of touched)
    withhold(walk, path, 'nested-repository', `is a git repository of its own, with ${files} changed files`);
  return walk.candidates.filter(({ path }) => !isUnder(path, walk.nested));
}
