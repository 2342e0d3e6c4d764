import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { PathClassifier } from '../policy/index.ts';
import { type BytePath, parentOf, toText } from './byte-path.ts';
import type { ChangedFile } from './change.ts';
import { runGit, tryGit } from './git-command.ts';
import type { SiftedFile } from './sifting.ts';

/** Two trees to be compared in a git directory of ours. */
export interface TreePair {
  readonly gitDir: string;
  readonly base: string;
  readonly head: string;
  /** Paths of the change; decides whether renames can be told. */
  readonly files: readonly SiftedFile[];
}

/**
 * `git apply` cannot take a renamed file or link whose old name becomes a directory in the same patch ("beyond a
 * symbolic link"); then the patch says delete and add instead.
 */
function renameOptions(files: readonly SiftedFile[]): readonly string[] {
  const deleted = new Set(files.filter(({ after }) => !after).map(({ path }) => path));
  const added = new Set(files.filter(({ after }) => after).map(({ path }) => path));
  const isUnder = (path: BytePath, others: ReadonlySet<BytePath>): boolean => {
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) if (others.has(at)) return true;
    return false;
  };
  const swapped =
    [...added].some((path) => isUnder(path, deleted)) || [...deleted].some((path) => isUnder(path, added));
  return swapped ? ['--no-renames'] : ['-M', '-l2000'];
}

const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-indent-heuristic', '--ignore-submodules=none'];

/** Writes the patch to a file that must not exist yet; `git apply` takes it, binaries and modes included. */
export async function writePatch({ gitDir, base, head, files }: TreePair, file: string): Promise<void> {
  const form = ['-p', '--binary', '--full-index', '--src-prefix=a/', '--dst-prefix=b/', '--submodule=short'];
  const outputFd = openSync(
    file,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o644,
  );
  try {
    await runGit({
      gitDir,
      outputFd,
      args: ['diff-tree', '-r', ...form, ...renameOptions(files), ...PLAIN, base, head],
    });
  } finally {
    closeSync(outputFd);
  }
}

/** SHA-256 and size of a file. */
export function digestFile(file: string): { readonly sha256: string; readonly bytes: number } {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const digest = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    let bytes = 0;
    for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer)) {
      digest.update(buffer.subarray(0, count));
      bytes += count;
    }
    return { sha256: digest.digest('hex'), bytes };
  } finally {
    closeSync(descriptor);
  }
}

/** What the patch holds, file by file, with line counts. */
export async function listChanges(
  { gitDir, base, head, files: changed }: TreePair,
  classify: PathClassifier,
): Promise<readonly ChangedFile[]> {
  const args = [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--numstat',
    '--full-index',
    ...renameOptions(changed),
    ...PLAIN,
    base,
    head,
  ];
  const fields = (await runGit({ gitDir, args })).toString('latin1').split('\0');
  const files: Omit<ChangedFile, 'addedLines' | 'removedLines' | 'binary'>[] = [];
  let at = 0;
  for (let raw = fields[at]; raw?.startsWith(':'); raw = fields[at]) {
    const [oldMode = '', newMode = '', , , letter = ''] = raw.slice(1).split(' ');
    const renamed = letter.startsWith('R');
    const path = toText(fields[at + (renamed ? 2 : 1)] ?? '');
    const status = statusOf(raw);
    const previous = renamed ? { previousPath: toText(fields[at + 1] ?? '') } : {};
    files.push({
      path,
      ...previous,
      status,
      class: classify(path).class,
      oldMode: modeOf(oldMode),
      newMode: modeOf(newMode),
    });
    at += renamed ? 3 : 2;
  }
  return files.map((file) => {
    const [added = '', removed = '', name = ''] = (fields[at] ?? '').split('\t');
    at += name === '' ? 3 : 1;
    return { ...file, binary: added === '-', addedLines: Number(added) || 0, removedLines: Number(removed) || 0 };
  });
}

function modeOf(mode: string): string | undefined {
  return mode === '000000' ? undefined : mode;
}

function statusOf(raw: string): ChangedFile['status'] {
  const [oldMode, newMode, oldId, newId, letter = ''] = raw.slice(1).split(' ');
  switch (letter.charAt(0)) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    default:
      return oldId === newId && oldMode !== newMode ? 'mode' : 'modified';
  }
}

/** Can only a bundle carry all of it everywhere? Plain `patch` loses modes, binaries, renames and links. */
export function needsBundle(files: readonly ChangedFile[]): boolean {
  return files.some(
    ({ binary, status, oldMode, newMode }) =>
      binary ||
      status === 'renamed' ||
      status === 'mode' ||
      newMode === '120000' ||
      (newMode === '100755' && oldMode !== newMode),
  );
}

const BRANCH = 'refs/heads/sallyport/change';
const IDENTITY = { name: 'Sallyport agent', email: 'agent@sallyport.invalid' };

/** A git bundle with one commit on top of `parent`, the same bytes for the same change. Returns false when git cannot. */
export async function writeBundle(gitDir: string, parent: string, tree: string, file: string): Promise<boolean> {
  const shown = await tryGit({ gitDir, args: ['cat-file', 'commit', parent] });
  const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(shown.stdout.toString('latin1'))?.[1] ?? '0';
  const date = `@${seconds} +0000`;
  const environment = {
    GIT_AUTHOR_NAME: IDENTITY.name,
    GIT_AUTHOR_EMAIL: IDENTITY.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: IDENTITY.name,
    GIT_COMMITTER_EMAIL: IDENTITY.email,
    GIT_COMMITTER_DATE: date,
  };
  const made = await tryGit({
    gitDir,
    environment,
    args: ['commit-tree', tree, '-p', parent],
    input: Buffer.from('Change made by a contained agent\n'),
  });
  if (made.code !== 0) return false;
  const commit = made.stdout.toString('latin1').trim();
  await runGit({ gitDir, args: ['update-ref', BRANCH, commit] });
  const args = ['-c', 'pack.threads=1', 'bundle', 'create', '--quiet', file, BRANCH, `^${parent}`];
  return (await tryGit({ gitDir, args })).code === 0;
}
