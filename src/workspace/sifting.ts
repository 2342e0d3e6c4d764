import type { Decision } from '../policy/index.ts';
import { hasCode } from '../system/index.ts';
import type { SecretSentinel } from '../text/index.ts';
import { type BytePath, joinPath, parentOf, toNative, toText } from './byte-path.ts';
import type { WithheldFile } from './change.ts';
import { judgeLink } from './links.ts';
import type { Manifest } from './manifest.ts';
import { MovedFiles } from './moved-files.ts';
import { blobId, closeSource, openSource } from './staged-file.ts';
import type { Candidate, Survey } from './survey.ts';
import { hasShortName, TakenNames } from './taken-names.ts';
import { isTreePath } from './tracked-files.ts';

/** One write or deletion of the change. */
export interface Write {
  readonly path: string;
  readonly operation: 'write' | 'delete';
  readonly bytes: number;
  /** For a deletion: the path where most of the file lives on. */
  readonly movedTo?: string;
}

/** The file plane of the policy. Its own built-in rules protect the dangerous classes; nothing here judges a second time. */
export type WriteDecider = (write: Write) => Pick<Decision, 'verdict' | 'rule' | 'reason'>;

/** A path of the change with what it will be; `after` is undefined for a deletion. */
export interface SiftedFile {
  readonly path: BytePath;
  readonly after: { readonly mode: string; readonly id: string; readonly bytes: Buffer } | undefined;
}

export interface Sifted {
  readonly include: readonly SiftedFile[];
  /** Held out of the patch, but a person may accept it. */
  readonly review: readonly SiftedFile[];
  readonly withheld: readonly WithheldFile[];
  readonly secretHits: readonly { readonly path: string; readonly name: string; readonly encoding: string }[];
}

export interface SiftRequest {
  readonly root: string;
  /** Absolute path of the pristine tree. */
  readonly lower: string;
  readonly manifest: Manifest;
  readonly survey: Survey;
  readonly decide: WriteDecider;
  readonly sentinel: SecretSentinel | undefined;
  readonly maxBytes: number;
}

type Deletion = Extract<Candidate, { kind: 'deleted' }>;

interface Sieve extends SiftRequest {
  readonly include: SiftedFile[];
  readonly review: SiftedFile[];
  readonly withheld: WithheldFile[];
  readonly secretHits: { path: string; name: string; encoding: string }[];
  /** Made when something was added: most changes edit. */
  readonly taken: () => TakenNames;
  bytes: number;
}

const PLAIN_BITS = 0o777;

/** Reads what changed, once, and decides for each path: into the patch, to a person, or not at all. */
export function siftChange(request: SiftRequest, candidates: readonly Candidate[]): Sifted {
  const taken = lazily(() => new TakenNames(request.manifest, deletedOf(candidates)));
  const sieve: Sieve = { ...request, include: [], review: [], withheld: [], secretHits: [], taken, bytes: 0 };
  const deletions: Deletion[] = [];
  for (const candidate of candidates) {
    if (isUnchanged(sieve, candidate)) continue;
    const refusal = refuse(sieve, candidate);
    if (refusal) sieve.withheld.push({ path: toText(candidate.path), ...refusal });
    else if (candidate.kind === 'deleted') deletions.push(candidate);
    else sift(sieve, candidate);
  }
  siftDeletions(sieve, deletions);
  const { include, review, withheld, secretHits } = sieve;
  return { include, review, withheld, secretHits };
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function deletedOf(candidates: readonly Candidate[]): ReadonlySet<BytePath> {
  return new Set(candidates.flatMap(({ kind, path }) => (kind === 'deleted' ? [path] : [])));
}

/** Only the times changed: a build touched it, or the tree was copied. */
function isUnchanged(sieve: Sieve, candidate: Candidate): boolean {
  const { before, kind } = candidate;
  if (before === undefined || kind === 'deleted') return false;
  if (kind === 'link')
    return before.id === blobId(Buffer.from(candidate.target, 'latin1'), sieve.manifest.objectFormat);
  if (before.size !== candidate.size || before.mode !== modeOf(candidate.mode) || (candidate.mode & ~PLAIN_BITS) !== 0)
    return false;
  const bytes = readBytes(sieve.root, candidate.path, sieve.maxBytes);
  return bytes !== undefined && blobId(bytes, sieve.manifest.objectFormat) === before.id;
}

function modeOf(bits: number): string {
  return (bits & 0o100) === 0 ? '100644' : '100755';
}

type Refusal = { readonly rule: string; readonly reason: string } | undefined;

/** What can be refused by name and kind, before a byte is read. */
function refuse(sieve: Sieve, candidate: Candidate): Refusal {
  const { path } = candidate;
  if (!isTreePath(path)) return { rule: 'git-name', reason: 'is a name of git' };
  if (sieve.manifest.submodules.some((module) => path === module || path.startsWith(`${module}/`))) {
    return { rule: 'submodule', reason: 'belongs to a submodule' };
  }
  if (candidate.before?.tracked === false) return { rule: 'untracked', reason: 'was not tracked before the run' };
  if (candidate.kind === 'link') {
    const root = Buffer.from(sieve.manifest.root).toString('latin1');
    const verdict = judgeLink(path, { links: sieve.survey.links, root });
    if (verdict.kind === 'refused') return { rule: 'link', reason: `is a link that ${verdict.reason}` };
    if (candidate.target.startsWith('/')) return { rule: 'link', reason: 'is a link with an absolute target' };
  }
  if (candidate.kind !== 'file') return undefined;
  if ((candidate.mode & ~PLAIN_BITS) !== 0) return { rule: 'set-id', reason: 'has set-id or sticky bits' };
  const { size } = candidate;
  if (size > sieve.maxBytes)
    return { rule: 'limit-bytes', reason: `has ${size} bytes; the limit is ${sieve.maxBytes}` };
  if (sieve.bytes + size > sieve.maxBytes)
    return { rule: 'limit-bytes', reason: 'the change as a whole is over the limit in bytes' };
  return undefined;
}

function sift(sieve: Sieve, candidate: Exclude<Candidate, Deletion>): void {
  const after = readAfter(sieve, candidate);
  if (after === 'unreadable') {
    sieve.withheld.push({ path: toText(candidate.path), rule: 'unreadable', reason: 'cannot be read' });
    return;
  }
  const bytes = after.bytes.length;
  sieve.bytes += bytes;
  if (reportSecrets(sieve, candidate, after.bytes)) return;
  const decision = sieve.decide({ path: toText(candidate.path), operation: 'write', bytes });
  const doubt = candidate.before === undefined ? doubtAbout(sieve, candidate.path) : undefined;
  const isDoubtful = doubt !== undefined && decision.verdict === 'allow';
  place(sieve, { path: candidate.path, after }, isDoubtful ? { verdict: 'ask', ...doubt } : decision);
}

/** Why a new name may be another one in some checkouts. */
function doubtAbout(sieve: Sieve, path: BytePath): Refusal {
  const twin = sieve.taken().claim(path);
  if (twin !== undefined)
    return { rule: 'name-twin', reason: `is the same name as ${toText(twin)} where case or spelling does not count` };
  if (hasShortName(path)) return { rule: 'short-name', reason: 'is a short name that Windows gives to a longer one' };
  return undefined;
}

/** After everything that is written, because a file that moved is written elsewhere. */
function siftDeletions(sieve: Sieve, deletions: readonly Deletion[]): void {
  let moved: MovedFiles | undefined;
  for (const { path, before } of deletions) {
    const deletion: Write = { path: toText(path), operation: 'delete', bytes: 0 };
    const decision = sieve.decide(deletion);
    const file: SiftedFile = { path, after: undefined };
    // Where a file went is looked for only when it matters: most deletions are allowed as they are.
    if (decision.verdict === 'allow') sieve.include.push(file);
    else {
      moved ??= new MovedFiles(sieve.include);
      const movedTo = moved.destinationOf(before.id, readBytes(sieve.lower, path, sieve.maxBytes));
      place(sieve, file, movedTo === undefined ? decision : sieve.decide({ ...deletion, movedTo }));
    }
  }
}

function place(sieve: Sieve, file: SiftedFile, { verdict, rule, reason }: ReturnType<WriteDecider>): void {
  if (verdict === 'allow') sieve.include.push(file);
  else {
    sieve.review.push(file);
    sieve.withheld.push({ path: toText(file.path), rule, reason });
  }
}

function readAfter(
  sieve: Sieve,
  candidate: Exclude<Candidate, Deletion>,
): NonNullable<SiftedFile['after']> | 'unreadable' {
  if (candidate.kind === 'link') {
    const bytes = Buffer.from(candidate.target, 'latin1');
    return { mode: '120000', id: blobId(bytes, sieve.manifest.objectFormat), bytes };
  }
  const bytes = readBytes(sieve.root, candidate.path, sieve.maxBytes);
  if (bytes === undefined) return 'unreadable';
  return { mode: modeOf(candidate.mode), id: blobId(bytes, sieve.manifest.objectFormat), bytes };
}

/** The content of a regular file of the tree; undefined when there is none that can be read. */
export function readBytes(root: string, path: BytePath, maxBytes = Number.MAX_SAFE_INTEGER): Buffer | undefined {
  try {
    const file = openSource(toNative(joinPath(Buffer.from(root).toString('latin1'), path)), maxBytes);
    if (file === undefined) return undefined;
    closeSource(file);
    return file.bytes;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'ENXIO', 'EIO', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/**
 * A known secret in what is added, or in a new name. What the file already held before the run is not counted again:
 * removing a leaked key must stay possible.
 */
function reportSecrets(sieve: Sieve, { path, before }: Candidate, bytes: Buffer): boolean {
  const { sentinel } = sieve;
  if (sentinel === undefined) return false;
  const inName = before === undefined ? sentinel.find(Buffer.from(path, 'latin1')) : [];
  const inContent = sentinel.find(bytes);
  if (inName.length === 0 && inContent.length === 0) return false;
  const old = before && inContent.length > 0 ? readBytes(sieve.lower, path, sieve.maxBytes) : undefined;
  const known = old ? sentinel.find(old).length : 0;
  if (inName.length === 0 && inContent.length <= known) return false;
  const shown = inName.length > 0 ? sentinel.redactText(toText(path)) : toText(path);
  for (const { name, encoding } of [...inName, ...inContent]) sieve.secretHits.push({ path: shown, name, encoding });
  sieve.withheld.push({ path: shown, rule: 'secret', reason: 'carries a secret of this run' });
  return true;
}

/**
 * Keeps the number of files within the limit by setting aside whole new directories, the fullest first: an ungitignored
 * `node_modules` must not cost the person the change itself.
 */
export function setAsideCrowds(
  candidates: readonly Candidate[],
  manifest: Manifest,
  maxFiles: number,
): { readonly kept: readonly Candidate[]; readonly withheld: readonly WithheldFile[] } {
  if (candidates.length <= maxFiles) return { kept: candidates, withheld: [] };
  const known = new Set<BytePath>(['']);
  for (const { path } of manifest.entries)
    for (let at = parentOf(path); !known.has(at); at = parentOf(at)) known.add(at);
  const crowds = new Map<BytePath, number>();
  const crowdOf = new Map<BytePath, BytePath>();
  for (const { path } of candidates) {
    let crowd: BytePath | undefined;
    for (let at = parentOf(path); !known.has(at); at = parentOf(at)) crowd = at;
    if (crowd === undefined) continue;
    crowdOf.set(path, crowd);
    crowds.set(crowd, (crowds.get(crowd) ?? 0) + 1);
  }
  const removed = new Map<BytePath, number>();
  let left = candidates.length;
  for (const [crowd, count] of [...crowds].sort(([, a], [, b]) => b - a)) {
    if (left <= maxFiles) break;
    removed.set(crowd, count);
    left -= count;
  }
  return {
    kept: candidates.filter(({ path }) => !removed.has(crowdOf.get(path) ?? '')),
    withheld: [...removed].map(([path, count]) => ({
      path: toText(path),
      rule: 'limit-files',
      reason: `is a new directory with ${count} files; the limit for a change is ${maxFiles}`,
    })),
  };
}
