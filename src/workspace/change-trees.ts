import { copyFileSync, existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type BytePath, joinPath, parentOf, toNative, toText } from './byte-path.ts';
import type { WithheldFile } from './change.ts';
import { runGit } from './git-command.ts';
import type { Manifest } from './manifest.ts';
import { readBytes, type SiftedFile } from './sifting.ts';
import { blobId } from './staged-file.ts';

/** A git directory of ours in which the trees of the change are built. */
export interface TreeBuilder {
  readonly gitDir: string;
  /** Index of the pristine tree, made when it was staged. */
  readonly baselineIndex: string;
  readonly manifest: Manifest;
  readonly lower: string;
}

/** Fast enough for a large binary, and nobody keeps these objects. */
const COMPRESSION = { level: 1 };

/** Puts a blob into a git directory of ours, without asking git. Returns its name. */
export function writeBlob(gitDir: string, bytes: Buffer, objectFormat: Manifest['objectFormat']): string {
  const id = blobId(bytes, objectFormat);
  const directory = join(gitDir, 'objects', id.slice(0, 2));
  const file = join(directory, id.slice(2));
  if (existsSync(file)) return id;
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    file,
    deflateSync(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`, 'latin1'), bytes]), COMPRESSION),
  );
  return id;
}

/** Objects for both sides of each changed path: the repository may lack even the old one (dirty, or a plain directory). */
export function writeObjects(builder: TreeBuilder, files: readonly SiftedFile[]): void {
  const { gitDir, manifest, lower } = builder;
  const before = new Map(manifest.entries.map((entry) => [entry.path, entry]));
  for (const { path, after } of files) {
    if (after) writeBlob(gitDir, after.bytes, manifest.objectFormat);
    const old = before.get(path);
    const bytes = old && (old.mode === '120000' ? readTarget(lower, path) : readBytes(lower, path));
    if (bytes) writeBlob(gitDir, bytes, manifest.objectFormat);
  }
}

/** Where a link points, as it is written. */
export function readTarget(root: string, path: BytePath): Buffer {
  return readlinkSync(toNative(joinPath(Buffer.from(root).toString('latin1'), path)), { encoding: 'buffer' });
}

/**
 * Leaves out files that cannot stand beside what stays: where the agent made a file of a directory, and the deletion of
 * what was in there is withheld, git could not hold both.
 */
export function separateConflicts(
  files: readonly SiftedFile[],
  manifest: Manifest,
): { readonly files: readonly SiftedFile[]; readonly withheld: readonly WithheldFile[] } {
  const changed = new Set(files.map(({ path }) => path));
  const staying = new Set([
    ...manifest.entries.filter(({ path, tracked }) => tracked && !changed.has(path)).map(({ path }) => path),
    ...manifest.submodules,
  ]);
  const above = new Set<BytePath>();
  for (const path of staying)
    for (let at = parentOf(path); at !== '' && !above.has(at); at = parentOf(at)) above.add(at);
  const conflicts = ({ path, after }: SiftedFile): boolean => {
    if (after === undefined) return false;
    if (above.has(path)) return true;
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) if (staying.has(at)) return true;
    return false;
  };
  const reason = 'stands where a file stays whose deletion is withheld';
  return {
    files: files.filter((file) => !conflicts(file)),
    withheld: files.filter(conflicts).map(({ path }) => ({ path: toText(path), rule: 'conflict', reason })),
  };
}

/** The tree that results when these files change in the pristine tree, or in another tree of the repository. */
export async function buildTree(
  builder: TreeBuilder,
  name: string,
  files: readonly SiftedFile[],
  from?: string,
): Promise<string> {
  const { gitDir, manifest } = builder;
  const indexFile = join(gitDir, `${name}.index`);
  if (from === undefined) copyFileSync(builder.baselineIndex, indexFile);
  else await runGit({ gitDir, indexFile, args: ['read-tree', from] });
  const none = '0'.repeat(manifest.objectFormat === 'sha256' ? 64 : 40);
  // Deletions first: a file may take the place of a directory.
  const ordered = [...files.filter(({ after }) => !after), ...files.filter(({ after }) => after)];
  const lines = ordered.map(({ path, after }) =>
    after ? `${after.mode} ${after.id}\t${path}\0` : `0 ${none}\t${path}\0`,
  );
  const input = Buffer.from(lines.join(''), 'latin1');
  if (lines.length > 0) await runGit({ gitDir, indexFile, args: ['update-index', '-z', '--index-info'], input });
  return (await runGit({ gitDir, indexFile, args: ['write-tree', '--missing-ok'] })).toString('latin1').trim();
}
