import { chmodSync, chownSync, type Dirent, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { hasCode } from '../system/index.ts';
import { findKeyShape } from '../text/index.ts';
import { type BytePath, isGitDirectoryName, joinPath, parentOf, toNative, toText } from './byte-path.ts';
import { createDecoys } from './decoys.ts';
import { isEvidence } from './evidence.ts';
import type { Staging } from './stage-plan.ts';
import { blobId, closeSource, findSecrets, openSource, type SourceFile, stageBytes, stageCopy } from './staged-file.ts';
import { BASE_CLASSES } from './staging-classes.ts';

/** Copies the checkout, file by file, deciding for each what may come along. Links are only collected. */
export function walkSource(staging: Staging): void {
  const pending: { path: BytePath; depth: number }[] = [{ path: '', depth: 0 }];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const entries = listDirectory(staging, directory.path);
    if (isReserved(staging, directory.path, entries)) continue;
    if (staging.classify(directory.path).class !== 'agent-config') ensureDirectory(staging, directory.path);
    for (const entry of entries) {
      if (isGitDirectoryName(entry.name)) continue;
      const path = joinPath(directory.path, entry.name);
      staging.files += 1;
      checkLimit(staging, 'files', staging.files, path);
      if (entry.isDirectory()) {
        checkLimit(staging, 'depth', directory.depth + 1, path);
        pending.push({ path, depth: directory.depth + 1 });
      } else visitEntry(staging, path, entry);
    }
  }
}

/**
 * Evidence of runs, of this one too, is no part of the workspace: the observed party neither reads nor writes it. A
 * directory with a tracked file is a part of the project, whatever it looks like.
 */
function isReserved(staging: Staging, path: BytePath, entries: readonly Dirent[]): boolean {
  if (path === '') return false;
  const names = new Set(entries.map(({ name }) => name));
  const isOwn = path === staging.ownEvidence;
  if (!isOwn && (!isEvidence(names) || [...names].some((name) => staging.tracked.has(joinPath(path, name)))))
    return false;
  staging.reserved.add(path);
  staging.found.hidden.push({ path: toText(path), reason: 'evidence of a run', decoy: false });
  return true;
}

function checkLimit(staging: Staging, kind: 'files' | 'bytes' | 'depth', value: number, path: BytePath): void {
  if (value <= staging.limits[kind]) return;
  throw new SallyportError(
    'SP1303',
    `the workspace has more than ${staging.limits[kind]} ${kind}, counted up to ${JSON.stringify(toText(path))}`,
  );
}

function sourcePath(staging: Staging, path: BytePath): string | Buffer {
  return path === '' ? staging.source : toNative(joinPath(Buffer.from(staging.source).toString('latin1'), path));
}

/** Absolute path of a staged file, in the form that `node:fs` takes. */
export function loweredPath(staging: Staging, path: BytePath): string | Buffer {
  return path === '' ? staging.lower : toNative(joinPath(Buffer.from(staging.lower).toString('latin1'), path));
}

function listDirectory(staging: Staging, path: BytePath): Dirent[] {
  try {
    return readdirSync(sourcePath(staging, path), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    if (path === '' || !hasCode(error, 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR')) {
      throw new SallyportError('SP1301', `cannot read ${toText(path) || staging.source}`, { cause: error });
    }
    staging.found.refused.push({ path: toText(path), kind: 'unreadable directory' });
    return [];
  }
}

/** Creates a directory of the stage and those above it. The stage holds no link yet, so none can be followed. */
export function ensureDirectory(staging: Staging, path: BytePath): void {
  if (staging.directories.has(path)) return;
  ensureDirectory(staging, parentOf(path));
  const target = loweredPath(staging, path);
  mkdirSync(target, { mode: 0o755 });
  chmodSync(target, 0o755);
  const { owner } = staging.request;
  if (owner) chownSync(target, owner.uid, owner.gid);
  staging.directories.add(path);
}

function visitEntry(staging: Staging, path: BytePath, entry: Dirent): void {
  if (staging.isProvided(path)) {
    staging.found.hidden.push({ path: toText(path), reason: 'provided by the policy', decoy: false });
    return;
  }
  try {
    if (entry.isSymbolicLink()) visitLink(staging, path);
    else if (entry.isFile()) visitFile(staging, path);
    else staging.found.refused.push({ path: toText(path), kind: kindOf(entry) });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    if (!hasCode(error, 'EACCES', 'EPERM', 'ELOOP')) throw error;
    staging.found.refused.push({ path: toText(path), kind: 'unreadable file' });
  }
}

function kindOf(entry: Dirent): string {
  if (entry.isFIFO()) return 'pipe';
  if (entry.isSocket()) return 'socket';
  return entry.isBlockDevice() || entry.isCharacterDevice() ? 'device' : 'special file';
}

function visitLink(staging: Staging, path: BytePath): void {
  const target = readlinkSync(sourcePath(staging, path), { encoding: 'latin1' });
  if (!comesFromBase(staging, path)) {
    staging.links.set(path, target);
    return;
  }
  const bytes = Buffer.from(target, 'latin1');
  if (equalsBase(staging, path, '120000', bytes)) staging.links.set(path, target);
  else park(staging, path, bytes);
}

function visitFile(staging: Staging, path: BytePath): void {
  const file = openSource(sourcePath(staging, path));
  if (file === undefined) {
    staging.found.refused.push({ path: toText(path), kind: 'special file' });
    return;
  }
  try {
    staging.bytes += file.size;
    checkLimit(staging, 'bytes', staging.bytes, path);
    if (isTracked(staging, path)) stageTracked(staging, path, file);
    else stageUntracked(staging, path, file);
  } finally {
    closeSource(file);
  }
}

/** Without git there is nothing to tell the files of the project from others: all count as its own. */
function isTracked(staging: Staging, path: BytePath): boolean {
  return staging.repository === undefined || staging.tracked.has(path);
}

/** A plain directory has no base: there only what configures an agent is kept out. */
function comesFromBase(staging: Staging, path: BytePath): boolean {
  const kind = staging.classify(path).class;
  if (staging.repository === undefined) return kind === 'agent-config';
  return BASE_CLASSES.has(kind) && (staging.tracked.has(path) || !staging.isDependency(path));
}

function equalsBase(staging: Staging, path: BytePath, mode: string, bytes: Uint8Array): boolean {
  const base = staging.base.get(path);
  const format = staging.repository?.objectFormat ?? 'sha1';
  if (base === undefined || base.mode !== mode || base.id !== blobId(bytes, format)) return false;
  staging.base.delete(path);
  return true;
}

function stageTracked(staging: Staging, path: BytePath, file: SourceFile): void {
  const hits = findSecrets(file, staging.request.sentinel);
  if (comesFromBase(staging, path)) {
    const bytes = file.bytes ?? Buffer.from('(too large to show)\n');
    if (!equalsBase(staging, path, file.executable ? '100755' : '100644', bytes)) {
      park(staging, path, bytes, hits.length > 0);
      return;
    }
  }
  for (const hit of hits) {
    staging.found.secretsInTree.push({ path: toText(path), name: hit.name, encoding: hit.encoding });
  }
  const shape = file.bytes && staging.repository ? findKeyShape(file.bytes) : undefined;
  if (shape) staging.found.secretsInTree.push({ path: toText(path), name: shape, encoding: 'shape' });
  copy(staging, path, file, true);
}

function stageUntracked(staging: Staging, path: BytePath, file: SourceFile): void {
  if (comesFromBase(staging, path)) {
    staging.found.hidden.push({
      path: toText(path),
      reason: `untracked ${staging.classify(path).class}`,
      decoy: false,
    });
    return;
  }
  const reason = reasonToHide(staging, path, file);
  if (reason === undefined) copy(staging, path, file, false);
  else hide(staging, path, file, reason);
}

/** Dependencies ship test keys and certificate bundles; there only a secret of this very run counts. */
function reasonToHide(staging: Staging, path: BytePath, file: SourceFile): string | undefined {
  const dependency = staging.isDependency(path);
  if (!dependency && staging.isHidden(path)) return 'matches a hide pattern';
  const [hit] = findSecrets(file, staging.request.sentinel);
  if (hit) return `holds ${hit.name}`;
  const shape = dependency || !file.bytes ? undefined : findKeyShape(file.bytes);
  return shape === undefined ? undefined : `holds what looks like a ${shape}`;
}

function writeOptions(staging: Staging) {
  return { objectFormat: staging.repository?.objectFormat ?? ('sha1' as const), owner: staging.request.owner };
}

function hide(staging: Staging, path: BytePath, file: SourceFile, reason: string): void {
  const { hidden, random } = staging.request;
  const text = toText(path);
  const made = hidden === 'decoy' && file.bytes ? createDecoys(text, file.bytes, random) : undefined;
  staging.found.hidden.push({ path: text, reason, decoy: made !== undefined });
  if (hidden === 'absent') return;
  if (made) staging.found.decoys.push(...made.decoys);
  ensureDirectory(staging, parentOf(path));
  const content = { ...file, bytes: made?.content ?? Buffer.alloc(0), executable: false };
  const status = stageBytes(content, loweredPath(staging, path), writeOptions(staging));
  staging.entries.set(path, { path, ...status, tracked: false });
}

function copy(staging: Staging, path: BytePath, file: SourceFile, tracked: boolean): void {
  ensureDirectory(staging, parentOf(path));
  const status = stageCopy(file, loweredPath(staging, path), writeOptions(staging));
  staging.entries.set(path, { path, ...status, tracked });
}

/** Keeps the checkout's version as text under a name that no agent or tool gives a meaning to. */
function park(staging: Staging, path: BytePath, bytes: Uint8Array, secret = false): void {
  const { class: kind } = staging.classify(path);
  staging.deliberate.add(path);
  const number = String(staging.found.parked.length + 1).padStart(4, '0');
  const flat = encodeURIComponent(toText(path).toWellFormed()).slice(0, 180);
  const withheld = secret || findKeyShape(Buffer.from(bytes)) !== undefined;
  const file = withheld ? undefined : `${number}-${flat}.txt`;
  if (file) writeFileSync(join(staging.parkedDirectory, file), bytes, { flag: 'wx', mode: 0o644 });
  staging.found.parked.push({
    path: toText(path),
    class: kind,
    file,
    staged: staging.base.has(path) ? 'base' : 'absent',
  });
}
