import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../system/index.ts';
import { type BytePath, fromText, joinPath, parentOf, toNative, toText } from './byte-path.ts';
import { readTarget, writeBlob } from './change-trees.ts';
import { tryGit } from './git-command.ts';
import { encodeIndex, type IndexEntry } from './index-file.ts';
import { readPatchNames } from './patch-paths.ts';
import { readBytes } from './sifting.ts';
import { createPrivateRepository, listIndexFile, readBlobs } from './tracked-files.ts';
import { type Replacement, replaceFiles } from './tree-edit.ts';

export interface ApplyRequest {
  /** Absolute path of the person's checkout. */
  readonly workspace: string;
  /** As `collectChange` wrote it. Read as hostile all the same. */
  readonly patch: Uint8Array;
}

export type Application =
  | { readonly kind: 'applied'; readonly files: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Why the patch is not applied; never leaves this file. */
class Refusal extends Error {}

/**
 * Applies a patch to a checkout, whole or not at all. Nothing of the repository is consulted: git computes the result
 * in a directory of ours from the bytes of the files that the patch names, and never sees the checkout, its
 * configuration, its attributes or its index. The new files are then put in place without following a link.
 *
 * @throws SP1305 when git cannot run.
 */
export async function applyChange({ workspace, patch }: ApplyRequest): Promise<Application> {
  const names = readPatchNames(patch);
  if (names.kind === 'refused') return refused(`line ${names.line} of the patch: ${names.reason}`);
  if (names.paths.length === 0) return { kind: 'applied', files: 0 };
  let scratch: string | undefined;
  try {
    const root = realpathSync(workspace);
    // Beside the files, so that each can be put in place by renaming it.
    scratch = mkdtempSync(join(root, '.sallyport-apply-'));
    const replacements = await computeResult(root, scratch, patch, names.paths);
    replaceFiles(fromText(root), replacements, scratch);
    return { kind: 'applied', files: replacements.length };
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message);
    if (error instanceof Error && 'syscall' in error)
      return refused(`the workspace cannot be written: ${error.message}`);
    throw error;
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

function refused(reason: string): Application {
  return { kind: 'refused', reason };
}

/** What each path is now, and has to become. */
async function computeResult(
  root: string,
  scratch: string,
  patch: Uint8Array,
  paths: readonly BytePath[],
): Promise<readonly Replacement[]> {
  // Content lines begin with a mark, so this can only be a header of git.
  const format = /^index [0-9a-f]{64}\.\./m.test(Buffer.from(patch).toString('latin1')) ? 'sha256' : 'sha1';
  const gitDir = join(scratch, 'git');
  createPrivateRepository(gitDir, format, []);
  const before = new Map<BytePath, IndexEntry>();
  const named = new Set(paths);
  for (const path of paths) {
    const standing = readStanding(root, path, named);
    if (standing) before.set(path, { path, mode: standing.mode, id: writeBlob(gitDir, standing.bytes, format) });
  }
  const indexFile = join(gitDir, 'index');
  writeFileSync(indexFile, encodeIndex([...before.values()], format));
  const args = ['apply', '--cached', '--whitespace=nowarn', '-'];
  const { code, stderr } = await tryGit({ gitDir, indexFile, args, input: patch });
  if (code !== 0) throw new Refusal(`it does not fit the workspace, which is not as it was (${firstLine(stderr)})`);
  const after = await listIndexFile(gitDir, indexFile);
  const changed = paths.filter((path) => !isSame(before.get(path), after.get(path)));
  const ids = changed.flatMap((path) => after.get(path)?.id ?? []);
  const blobs = await readBlobs(gitDir, [...new Set(ids)]);
  const replacements = changed.map((path): Replacement => {
    const file = after.get(path);
    if (file === undefined) return { path, file: undefined };
    const bytes = blobs.get(file.id);
    if (bytes === undefined) throw new Refusal(`the content of ${JSON.stringify(toText(path))} is missing`);
    return { path, file: { mode: file.mode, bytes } };
  });
  refuseOccupied(root, replacements);
  return replacements;
}

function isSame(
  one: IndexEntry | undefined,
  other: { readonly mode: string; readonly id: string } | undefined,
): boolean {
  return one?.id === other?.id && one?.mode === other?.mode;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** A file or link as git would see it; undefined when there is none. Nothing on the way there may be a link. */
function readStanding(
  root: string,
  path: BytePath,
  named: ReadonlySet<BytePath>,
): { readonly mode: string; readonly bytes: Buffer } | undefined {
  const steps = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  for (const step of steps.slice(0, -1)) {
    const status = statusAt(root, step);
    // What the patch itself takes away may stand in the way now.
    if (status === undefined || (!status.isDirectory() && named.has(step))) return undefined;
    if (!status.isDirectory()) throw new Refusal(`${JSON.stringify(toText(step))} is no directory in the workspace`);
  }
  const status = statusAt(root, path);
  if (status === undefined || status.isDirectory()) return undefined;
  if (status.isSymbolicLink()) return { mode: '120000', bytes: readTarget(root, path) };
  const bytes = status.isFile() ? readBytes(root, path) : undefined;
  if (bytes === undefined) throw new Refusal(`${JSON.stringify(toText(path))} cannot be read in the workspace`);
  return { mode: (status.mode & 0o100) === 0 ? '100644' : '100755', bytes };
}

function statusAt(root: string, path: BytePath) {
  try {
    return lstatSync(toNative(joinPath(fromText(root), path)));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** A directory where the patch has a file must be left empty by what the patch deletes. */
function refuseOccupied(root: string, replacements: readonly Replacement[]): void {
  const gone = new Set(replacements.filter(({ file }) => file === undefined).map(({ path }) => path));
  for (const { path, file } of replacements) {
    if (file && statusAt(root, path)?.isDirectory() && keepsFiles(root, path, gone))
      throw new Refusal(`${JSON.stringify(toText(path))} is a directory with files in the workspace`);
  }
  for (const { path, file } of replacements)
    for (let at = parentOf(path); file && at !== ''; at = parentOf(at))
      if (statusAt(root, at)?.isDirectory() === false && !gone.has(at))
        throw new Refusal(`${JSON.stringify(toText(at))} is no directory in the workspace`);
}

function keepsFiles(root: string, directory: BytePath, gone: ReadonlySet<BytePath>): boolean {
  const place = toNative(joinPath(fromText(root), directory));
  return readdirSync(place, { withFileTypes: true, encoding: 'latin1' }).some((entry) => {
    const path = joinPath(directory, entry.name);
    return entry.isDirectory() ? keepsFiles(root, path, gone) : !gone.has(path);
  });
}
