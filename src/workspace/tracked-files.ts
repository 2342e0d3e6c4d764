import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BytePath, isGitDirectoryName } from './byte-path.ts';
import { runGit } from './git-command.ts';
import { type GitSource, readControlFile } from './git-source.ts';

/** What git knows of one path. */
export interface TrackedFile {
  readonly mode: string;
  readonly id: string;
  readonly skipWorktree: boolean;
  /** The versions of a path that a merge left in conflict: of the common ancestor (1), ours (2) and theirs (3). */
  readonly conflict?: readonly { readonly stage: 1 | 2 | 3; readonly mode: string; readonly id: string }[];
}

/** Makes a bare git directory of ours that sees other object stores and knows nothing else. */
export function createPrivateRepository(gitDir: string, format: 'sha1' | 'sha256', stores: readonly string[]): void {
  for (const directory of ['', 'refs', 'objects', 'objects/info', 'info'])
    mkdirSync(join(gitDir, directory), { mode: 0o755 });
  const extension = format === 'sha256' ? '[extensions]\n\tobjectformat = sha256\n' : '';
  const version = format === 'sha256' ? 1 : 0;
  writeFileSync(join(gitDir, 'config'), `[core]\n\trepositoryformatversion = ${version}\n\tbare = true\n${extension}`);
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
  writeFileSync(join(gitDir, 'objects/info/alternates'), stores.map((store) => `${store}\n`).join(''));
  // The highest of all attribute sources: whatever a tree says about drivers, filters and encodings is unsaid (T1).
  writeFileSync(join(gitDir, 'info/attributes'), `* ${NEUTRAL_ATTRIBUTES.join(' ')}\n`);
}

/**
 * `!diff` ends textconv, external drivers and hiding a text file as binary; the others would change bytes on the way
 * into or out of git. `!` means "unspecified", which no in-tree line can override from here.
 */
const NEUTRAL_ATTRIBUTES = [
  '!diff',
  '!text',
  '!eol',
  '!crlf',
  '!ident',
  '!filter',
  '!working-tree-encoding',
  '!merge',
  '!whitespace',
];

/** Is every component of a path one that a tree may hold? The index of a restored artifact may say anything. */
export function isTreePath(path: BytePath): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !isGitDirectoryName(part));
}

/**
 * The index of the checkout, read from a copy through our own git directory, so that neither its configuration nor a
 * monitor named in it is consulted. Undefined when there is no index.
 */
export async function listIndex(source: GitSource, gitDir: string): Promise<Map<BytePath, TrackedFile> | undefined> {
  const index = readControlFile(join(source.gitDir, 'index'));
  if (index === undefined) return undefined;
  const copy = join(gitDir, 'source.index');
  writeFileSync(copy, index, { flag: 'wx' });
  for (const name of readdirSync(source.gitDir).filter((file) => /^sharedindex\.[0-9a-f]{40,64}$/.test(file))) {
    const shared = readControlFile(join(source.gitDir, name));
    if (shared) writeFileSync(join(gitDir, name), shared, { flag: 'wx' });
  }
  return listIndexFile(gitDir, copy);
}

/** What an index of ours holds. */
export async function listIndexFile(gitDir: string, indexFile: string): Promise<Map<BytePath, TrackedFile>> {
  return parseListing(await runGit({ gitDir, indexFile, args: ['ls-files', '-z', '-s', '-t'] }));
}

/** Lines of `git ls-files -z -s -t`: `TAG MODE ID STAGE<TAB>PATH`. */
function parseListing(listing: Buffer): Map<BytePath, TrackedFile> {
  const tracked = new Map<BytePath, TrackedFile>();
  for (const record of listing.toString('latin1').split('\0')) {
    const tab = record.indexOf('\t');
    const [tag, mode, id, stage] = record.slice(0, tab).split(' ');
    const path = record.slice(tab + 1);
    if (tab < 0 || !mode || !id || !isTreePath(path)) continue;
    const file = { mode, id, skipWorktree: tag === 'S' };
    const conflict = [...(tracked.get(path)?.conflict ?? []), ...conflictOf(stage, file)];
    tracked.set(path, conflict.length === 0 ? file : { ...file, conflict });
  }
  return tracked;
}

function conflictOf(stage: string | undefined, { mode, id }: TrackedFile): NonNullable<TrackedFile['conflict']> {
  return stage === '1' || stage === '2' || stage === '3'
    ? [{ stage: stage === '1' ? 1 : stage === '2' ? 2 : 3, mode, id }]
    : [];
}

/** All files of a commit or tree: path → mode and object name. */
export async function listTree(gitDir: string, tree: string): Promise<Map<BytePath, { mode: string; id: string }>> {
  const listing = await runGit({ gitDir, args: ['ls-tree', '-r', '-z', '--full-tree', tree] });
  const files = new Map<BytePath, { mode: string; id: string }>();
  for (const record of listing.toString('latin1').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, , id] = record.slice(0, tab).split(' ');
    const path = record.slice(tab + 1);
    if (tab >= 0 && mode && id && isTreePath(path)) files.set(path, { mode, id });
  }
  return files;
}

/** Contents of blobs by name. Names that are missing are left out. */
export async function readBlobs(gitDir: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  if (ids.length === 0) return blobs;
  const input = Buffer.from(ids.map((id) => `${id}\n`).join(''));
  const output = await runGit({ gitDir, args: ['cat-file', '--batch'], input });
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    const [id, type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob' || id === undefined) continue;
    const length = Number(size);
    blobs.set(id, output.subarray(at, at + length));
    at += length + 1;
  }
  return blobs;
}
