import type { SourceTree } from '../../syntax/index.ts';
import { type BytePath, isGitDirectoryName, toText } from '../byte-path.ts';
import { findNamedCommit } from '../commit-name.ts';
import { runGit, tryGit } from '../git-command.ts';
import { noCommit } from '../no-commit.ts';
import { openRepository } from '../repository.ts';
import { readBlobs, readSizes } from './blobs.ts';
import { createSourceTree, type FileTable, type ListedFile } from './file-table.ts';
import { TREE_LIMITS, type TreeLimits } from './limits.ts';
import { TreeGaps } from './tree-gaps.ts';

/** What stands at a path of a commit. */
interface Listed {
  readonly mode: string;
  readonly id: string;
  readonly path: BytePath;
}

const LISTING_BYTES = 256 * 1024 * 1024;

/**
 * The files of a commit, straight from the object store: nothing of the repository runs and nothing is fetched.
 * Same entries as `readDirectoryTree` gives for a clean checkout. `read` is synchronous, so files are loaded at once,
 * the small ones first, up to `totalBytes`.
 * @throws SallyportError SP1304 when there is no repository, SP1308 when `commit` names no commit, SP1312 when it
 *   names two, SP1305 when git cannot run.
 */
export async function readCommitTree(
  repository: string,
  commit: string,
  limits: Partial<TreeLimits> = {},
): Promise<SourceTree> {
  const caps = { ...TREE_LIMITS, ...limits };
  const { gitDir } = openRepository(repository);
  const revision = await resolveCommit(gitDir, commit);
  const gaps = new TreeGaps(caps.gaps);
  const listing = await runGit({
    gitDir,
    args: ['ls-tree', '-r', '-z', '--full-tree', revision],
    maxOutput: LISTING_BYTES,
  });
  return createSourceTree(await loadTable(gitDir, revision, parseListing(listing, caps, gaps), caps, gaps), caps);
}

async function resolveCommit(gitDir: string, commit: string): Promise<string> {
  const id = await findNamedCommit((args) => tryGit({ gitDir, args }), commit);
  if (id === undefined) throw noCommit(commit);
  return id;
}

/** `100644 blob <id> TAB <path> NUL`, as `git-ls-tree(1)` writes it. */
function parseListing(listing: Buffer, limits: TreeLimits, gaps: TreeGaps): readonly Listed[] {
  const found: Listed[] = [];
  for (const line of listing.toString('latin1').split('\0')) {
    const parts = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t(.+)$/s.exec(line);
    if (parts === null) continue;
    const [, mode = '', id = '', path = ''] = parts;
    const names = path.split('/');
    if (names.slice(0, -1).some((name) => limits.skipped.has(name))) continue;
    if (found.length >= limits.entries) {
      gaps.note('cap', toText(path), `more than ${limits.entries} files: the rest was not listed`);
      break;
    }
    // No git writes such a tree; a server takes one that was made by hand.
    if (names.some((name) => name === '' || name === '.' || name === '..' || isGitDirectoryName(name))) {
      gaps.note('unreadable', toText(path), 'a path that no checkout can hold');
    } else if (names.length - 1 > limits.depth)
      gaps.note('cap', toText(path), `more than ${limits.depth} folders deep`);
    else found.push({ mode, id, path });
  }
  return found;
}

async function loadTable(
  gitDir: string,
  revision: string,
  listed: readonly Listed[],
  limits: TreeLimits,
  gaps: TreeGaps,
): Promise<FileTable> {
  const withContent = listed.filter(({ mode }) => mode !== '160000');
  const sizes = await readSizes(gitDir, new Set(withContent.map(({ id }) => id)));
  const blobs = await readBlobs(gitDir, sizes, limits);
  const table = {
    revision,
    files: new Map<BytePath, ListedFile>(),
    links: new Map<BytePath, BytePath>(),
    submodules: new Map(listed.filter(({ mode }) => mode === '160000').map(({ path, id }) => [path, id])),
  };
  const ids = new Map(withContent.map(({ path, id }) => [path, id]));
  for (const { mode, id, path } of withContent) {
    const size = sizes.get(id);
    if (size === undefined)
      gaps.note('unreadable', toText(path), 'its content is not in this clone (clone without --filter)');
    else if (mode === '120000') table.links.set(path, blobs.get(id)?.toString('latin1') ?? '');
    else table.files.set(path, { size, executable: mode === '100755', id });
  }
  const overflow = { kind: 'cap', message: `the files before it fill ${limits.totalBytes} bytes` } as const;
  return { ...table, root: '', gaps, load: (path) => blobs.get(ids.get(path) ?? '') ?? overflow };
}
