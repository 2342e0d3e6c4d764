import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { removeOnSignal } from '../system/index.ts';
import { runGit, tryGit } from './git-command.ts';
import { openRepository } from './repository.ts';

/** A commit to be made on a new branch. */
export interface FilesCommit {
  /** Full id. */
  readonly parent: string;
  /** Text files and what they hold then; modes stay. */
  readonly files: readonly { readonly path: string; readonly after: string }[];
  readonly message: string;
  /** Name without `refs/heads/`; must be free. */
  readonly branch: string;
  /** Seconds since 1970. */
  readonly date: number;
}

const IDENTITY = { name: 'Sallyport', email: 'heal@sallyport.invalid' };
const PLAIN_MODE = '100644';

/**
 * Commits files on a new branch, by git's plumbing alone: no work tree, index, hook, filter or configuration of the
 * repository has a part in it.
 *
 * @returns the id of the commit
 * @throws SallyportError SP1304 without a repository, SP1309 when the branch is there already or its name is none
 */
export async function commitFiles(repository: string, commit: FilesCommit): Promise<string> {
  const { gitDir } = openRepository(repository);
  const ref = `refs/heads/${commit.branch}`;
  const named = await tryGit({ gitDir, args: ['check-ref-format', ref] });
  if (named.code !== 0 || commit.branch.startsWith('-'))
    throw new SallyportError('SP1309', `${JSON.stringify(commit.branch)} is no name for a branch`);
  const taken = await tryGit({ gitDir, args: ['show-ref', '--verify', '--quiet', ref] });
  if (taken.code === 0) throw new SallyportError('SP1309', `the branch ${commit.branch} is there already`);
  const tree = await writeTree(gitDir, commit);
  const date = `@${commit.date} +0000`;
  const made = await runGit({
    gitDir,
    environment: {
      GIT_AUTHOR_NAME: IDENTITY.name,
      GIT_AUTHOR_EMAIL: IDENTITY.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: IDENTITY.name,
      GIT_COMMITTER_EMAIL: IDENTITY.email,
      GIT_COMMITTER_DATE: date,
    },
    args: ['commit-tree', tree, '-p', commit.parent],
    input: Buffer.from(commit.message),
  });
  const id = made.toString('latin1').trim();
  // An empty old value: it must still be free.
  await runGit({ gitDir, args: ['update-ref', ref, id, ''] });
  return id;
}

async function writeTree(gitDir: string, { parent, files }: FilesCommit): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'sallyport-index-'));
  using _guard = removeOnSignal(scratch);
  try {
    const indexFile = join(scratch, 'index');
    await runGit({ gitDir, indexFile, args: ['read-tree', parent] });
    for (const { path, after } of files) {
      const blob = await runGit({
        gitDir,
        args: ['hash-object', '-w', '--stdin', '--no-filters'],
        input: Buffer.from(after),
      });
      const listed = await runGit({
        gitDir,
        args: ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', parent, '--', path],
      });
      const mode = /^(100644|100755) blob /.exec(listed.toString('latin1'))?.[1] ?? PLAIN_MODE;
      const row = `${mode} ${blob.toString('latin1').trim()}\t${path}\0`;
      await runGit({ gitDir, indexFile, args: ['update-index', '-z', '--index-info'], input: Buffer.from(row) });
    }
    return (await runGit({ gitDir, indexFile, args: ['write-tree'] })).toString('latin1').trim();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
