import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { createClassifier } from '../policy/index.ts';
import { type BytePath, fromText, parentOf, toNative, toText } from './byte-path.ts';
import { runGit } from './git-command.ts';
import { type CopiedRepository, copyRepository } from './git-copy.ts';
import { openGitSource } from './git-source.ts';
import { encodeIndex, type IndexEntry } from './index-file.ts';
import { judgeLink, relativeTarget } from './links.ts';
import { type ManifestEntry, writeManifest } from './manifest.ts';
import { createStaging, type Staging } from './stage-plan.ts';
import type { Stage, StageRequest } from './stage-types.ts';
import { ensureDirectory, loweredPath, walkSource } from './stage-walk.ts';
import { blobId, type Owner, stageBytes, statusOf } from './staged-file.ts';
import { BASE_CLASSES } from './staging-classes.ts';
import { createPrivateRepository, listIndex, listTree, readBlobs, type TrackedFile } from './tracked-files.ts';

/**
 * Makes a private copy of a checkout without running anything of it: no hook, filter, monitor or configuration. Links
 * that leave the tree, special files, untracked secrets and git's own state stay behind; agent configuration comes from
 * the base. The result is the pristine lower layer of a run, and a baseline that the agent cannot reach.
 *
 * @throws SP1301 for an unreadable source, SP1302 for a missing base, SP1303 beyond a limit, SP1304 for a git
 *   directory that cannot be trusted, SP1305 when git fails.
 */
export async function stageWorkspace(request: StageRequest): Promise<Stage> {
  const source = checkSource(request);
  const lower = join(request.destination, 'tree');
  const parkedDirectory = join(request.destination, 'parked');
  const baseline = join(request.destination, 'baseline');
  for (const directory of [lower, parkedDirectory, baseline]) {
    mkdirSync(directory);
    chmodSync(directory, 0o755);
  }
  const known = await readRepository(request, source, lower, baseline);
  const { repository, tracked, base } = known;
  const staging = createStaging({ request, source, lower, parkedDirectory, repository, tracked, base });
  staging.found.warnings.push(...(repository?.warnings ?? []));
  walkSource(staging);
  await restoreFromBase(staging, join(baseline, 'git'));
  placeLinks(staging);
  const tree = await writeBaseline(staging, baseline, known.headFiles);
  if (repository) finishRepository(staging, repository);
  if (request.owner)
    for (const part of [join(lower, '.git'), baseline, parkedDirectory]) chownTree(part, request.owner);
  return describe(staging, baseline, tree);
}

function checkSource({ source, destination }: StageRequest): string {
  try {
    if (readdirSync(destination).length > 0) throw new SallyportError('SP1301', `${destination} is not empty`);
    const real = realpathSync(source);
    if (!lstatSync(real).isDirectory()) throw new SallyportError('SP1301', `${source} is not a directory`);
    return real;
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP1301', `cannot read ${source}`, { cause });
  }
}

type TreeFiles = Awaited<ReturnType<typeof listTree>>;

interface KnownRepository {
  readonly repository: CopiedRepository | undefined;
  readonly tracked: Staging['tracked'];
  readonly base: Staging['base'];
  /** All files of HEAD, when they had to be read anyway. */
  readonly headFiles: TreeFiles | undefined;
}

/** Copies the history, and reads the index and what the base has in the classes that come from it. */
async function readRepository(
  request: StageRequest,
  source: string,
  lower: string,
  baseline: string,
): Promise<KnownRepository> {
  const gitSource = openGitSource(source);
  const pristine = join(baseline, 'git');
  const objects = join(lower, '.git/objects');
  createPrivateRepository(pristine, gitSource?.objectFormat ?? 'sha1', gitSource ? [objects] : []);
  if (gitSource === undefined) {
    if (request.base !== undefined) throw missingBase(request.base);
    return { repository: undefined, tracked: new Map(), base: new Map(), headFiles: undefined };
  }
  const copying = copyRepository(gitSource, join(lower, '.git'), request.base);
  const [repository, index] = await Promise.all([copying, listIndex(gitSource, pristine)]);
  const { head, baseCommit } = repository;
  if (request.base !== undefined && baseCommit === undefined) throw missingBase(request.base);
  const baseFiles: TreeFiles = baseCommit === undefined ? new Map() : await listTree(pristine, baseCommit);
  const headFiles = baseCommit === head ? baseFiles : undefined;
  const classify = createClassifier();
  const base = [...baseFiles].filter(([path, { mode }]) => mode !== '160000' && BASE_CLASSES.has(classify(path).class));
  return {
    repository,
    tracked: index ?? (await trackedByHead(pristine, head, headFiles)),
    base: new Map(base),
    headFiles,
  };
}

function missingBase(ref: string): SallyportError {
  return new SallyportError('SP1302', `the base ref ${JSON.stringify(ref)} names no commit here`);
}

/** A checkout without an index: tracked is what HEAD has. */
async function trackedByHead(
  gitDir: string,
  head: string | undefined,
  headFiles: TreeFiles | undefined,
): Promise<Staging['tracked']> {
  const files = headFiles ?? (head === undefined ? new Map() : await listTree(gitDir, head));
  return new Map([...files].map(([path, file]) => [path, { ...file, skipWorktree: false }]));
}

/** What the base has and the checkout has otherwise, or not at all. */
async function restoreFromBase(staging: Staging, pristine: string): Promise<void> {
  const blobs = await readBlobs(pristine, [...new Set([...staging.base.values()].map(({ id }) => id))]);
  const known = new Set(staging.found.parked.map(({ path }) => path));
  for (const [path, { mode, id }] of staging.base) {
    const bytes = blobs.get(id);
    const { class: kind } = staging.classify(path);
    staging.deliberate.add(path);
    if (bytes === undefined) {
      staging.found.warnings.push(
        `the base version of ${JSON.stringify(toText(path))} is not available; it is left out`,
      );
    } else if (mode === '120000') {
      staging.links.set(path, bytes.toString('latin1'));
    } else if (!writeBaseFile(staging, path, bytes, mode === '100755')) {
      staging.found.warnings.push(
        `something else stands where the base has ${JSON.stringify(toText(path))}; it is left out`,
      );
      continue;
    }
    if (!known.has(toText(path)))
      staging.found.parked.push({ path: toText(path), class: kind, file: undefined, staged: 'base' });
  }
}

function writeBaseFile(staging: Staging, path: BytePath, bytes: Buffer, executable: boolean): boolean {
  const blocked = staging.directories.has(path) || ancestors(path).some((above) => staging.entries.has(above));
  if (blocked || staging.entries.has(path)) return false;
  ensureDirectory(staging, parentOf(path));
  const options = { objectFormat: staging.repository?.objectFormat ?? ('sha1' as const), owner: staging.request.owner };
  const content = { bytes, executable, atimeMs: 0, mtimeMs: 0 };
  staging.entries.set(path, { path, ...stageBytes(content, loweredPath(staging, path), options), tracked: true });
  return true;
}

function ancestors(path: BytePath): BytePath[] {
  const above: BytePath[] = [];
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) above.push(at);
  return above;
}

/** Links come last, when nothing is written any more that could pass through one. */
function placeLinks(staging: Staging): void {
  const root = fromText(staging.source);
  const shown = (staging.request.shown ?? []).map(fromText);
  for (const [path, written] of staging.links) {
    const verdict = judgeLink(path, { links: staging.links, root, shown });
    const blocked = staging.directories.has(path) || staging.entries.has(path);
    const reason =
      verdict.kind === 'refused' ? verdict.reason : blocked ? 'stands in the way of a file of the base' : undefined;
    const target = relativeTarget(path, written, root) ?? (verdict.kind === 'shown' ? written : undefined);
    if (reason !== undefined || target === undefined) {
      staging.deliberate.add(path);
      staging.found.removedLinks.push({
        path: toText(path),
        target: toText(written),
        reason: reason ?? 'leaves the tree',
      });
      continue;
    }
    if (target !== written) {
      staging.deliberate.add(path);
      staging.found.rewrittenLinks.push({ path: toText(path), target: toText(target) });
    }
    writeLink(staging, path, target);
  }
}

function writeLink(staging: Staging, path: BytePath, target: BytePath): void {
  if (ancestors(path).some((above) => staging.entries.has(above))) return;
  ensureDirectory(staging, parentOf(path));
  const place = loweredPath(staging, path);
  symlinkSync(toNative(target), place);
  const { owner } = staging.request;
  if (owner) lchownSync(place, owner.uid, owner.gid);
  lutimesSync(place, 0, 0);
  const id = blobId(Buffer.from(target, 'latin1'), staging.repository?.objectFormat ?? 'sha1');
  const tracked = staging.repository === undefined || staging.tracked.has(path) || staging.base.has(path);
  const status = statusOf(lstatSync(place, { bigint: true }));
  staging.entries.set(path, { path, id, mode: '120000', ...status, tracked });
}

/** The manifest, and the tree of the staged tracked files in a git directory of ours. */
async function writeBaseline(staging: Staging, baseline: string, headFiles: TreeFiles | undefined): Promise<string> {
  const { repository } = staging;
  const entries = [...staging.entries.values()];
  const kept = [...staging.tracked].filter(([, file]) => file.mode === '160000' || file.skipWorktree);
  const lines: IndexEntry[] = [
    ...entries.filter(({ tracked }) => tracked),
    ...kept.filter(([path]) => !staging.entries.has(path)).map(([path, { mode, id }]) => ({ path, mode, id })),
  ];
  const gitDir = join(baseline, 'git');
  const format = repository?.objectFormat ?? 'sha1';
  const indexFile = join(gitDir, 'index');
  writeFileSync(indexFile, encodeIndex(lines, format), { flag: 'wx', mode: 0o644 });
  const headTree = repository?.headTree;
  const clean = headFiles?.size === lines.length && lines.every((line) => isSame(line, headFiles.get(line.path)));
  const written = headTree !== undefined && clean ? headTree : await writeTree(gitDir, indexFile);
  writeManifest(join(baseline, 'manifest.json'), {
    version: 1,
    objectFormat: format,
    root: staging.source,
    headCommit: repository?.head,
    tree: written,
    dirty: written !== headTree,
    submodules: kept.filter(([, { mode }]) => mode === '160000').map(([path]) => path),
    reserved: [...staging.reserved],
    entries,
  });
  return written;
}

function isSame(line: IndexEntry, file: { readonly mode: string; readonly id: string } | undefined): boolean {
  return line.id === file?.id && line.mode === file.mode;
}

async function writeTree(gitDir: string, indexFile: string): Promise<string> {
  return (await runGit({ gitDir, indexFile, args: ['write-tree', '--missing-ok'] })).toString('latin1').trim();
}

/** The agent's own index: what the checkout had staged, with the state of our copies, so that `git status` reads no file. */
function finishRepository(staging: Staging, repository: CopiedRepository): void {
  const lines = [...staging.tracked].flatMap(([path, file]) => indexLines(path, file, staging));
  writeFileSync(join(repository.gitDir, 'index'), encodeIndex(lines, repository.objectFormat), {
    flag: 'wx',
    mode: 0o644,
  });
  const unknown = [...staging.entries.values()].filter(({ path, tracked }) => tracked && !staging.tracked.has(path));
  const patterns = unknown.map(({ path }) => `/${path.replace(/[\\*?[\] !#\r\n]/g, '\\$&')}\n`);
  writeFileSync(join(repository.gitDir, 'info/exclude'), Buffer.from(patterns.join(''), 'latin1'), { flag: 'wx' });
}

function indexLines(path: BytePath, file: TrackedFile, staging: Staging): readonly IndexEntry[] {
  return file.conflict?.map((side) => ({ path, ...side })) ?? [indexLine(path, file, staging)];
}

function indexLine(path: BytePath, file: TrackedFile, staging: Staging): IndexEntry {
  const { mode, id } = file;
  const staged: ManifestEntry | undefined = staging.entries.get(path);
  if (file.skipWorktree && staged === undefined) return { path, mode, id, skipWorktree: true };
  if (staging.deliberate.has(path)) return { path, mode, id, assumeUnchanged: true };
  if (staged === undefined || staged.id !== id || staged.mode !== mode) return { path, mode, id };
  const nanoseconds = BigInt(staged.mtime);
  const mtimeSeconds = Number(nanoseconds / 1_000_000_000n);
  return {
    path,
    mode,
    id,
    stat: { size: staged.size, mtimeSeconds, mtimeNanoseconds: Number(nanoseconds % 1_000_000_000n) },
  };
}

/** Directories and our own files; objects are hard links to the checkout's and must keep their owner. */
function chownTree(directory: string, owner: Owner): void {
  if (!existsSync(directory)) return;
  lchownSync(directory, owner.uid, owner.gid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) chownTree(path, owner);
    else if (lstatSync(path).nlink === 1) lchownSync(path, owner.uid, owner.gid);
  }
}

function describe(staging: Staging, baseline: string, tree: string): Stage {
  const { found, repository } = staging;
  const all = [...staging.entries.values()];
  const links = all.filter(({ mode }) => mode === '120000').length;
  return {
    ...found,
    lower: staging.lower,
    parkedDirectory: staging.parkedDirectory,
    baseline,
    tree,
    repository: repository && {
      head: repository.head,
      branch: repository.branch,
      baseCommit: repository.baseCommit,
      refs: repository.refs,
      shallow: repository.shallow,
      objectFormat: repository.objectFormat,
    },
    counts: {
      files: all.length - links,
      directories: staging.directories.size - 1,
      links,
      bytes: staging.bytes,
      tracked: all.filter(({ tracked }) => tracked).length,
    },
    extent: {
      entries: all.length + staging.directories.size + (repository?.objects.entries ?? 0),
      bytes: staging.bytes + (repository?.objects.bytes ?? 0),
    },
  };
}
