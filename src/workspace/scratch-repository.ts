import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeOnSignal } from '../system/index.ts';
import { runGit, tryGit } from './git-command.ts';
import { noCommit } from './no-commit.ts';
import type { ObjectStore } from './object-store/index.ts';

/** What a merge of two commits comes to. */
export type MergeResult =
  /** `commit` stands in the scratch repository only. */
  | { readonly kind: 'clean'; readonly tree: string; readonly commit: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  /** No common history, an object that is not in this clone, a git that is too old. */
  | { readonly kind: 'failed'; readonly reason: string };

/** The same before a commit is made of it. */
type Merged = Exclude<MergeResult, { readonly kind: 'clean' }> | { readonly kind: 'clean'; readonly tree: string };

/** Who signs what we make up; the dates are fixed, so that the same content gets the same name. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'sallyport',
  GIT_AUTHOR_EMAIL: 'sallyport@localhost',
  GIT_AUTHOR_DATE: '1970-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'sallyport',
  GIT_COMMITTER_EMAIL: 'sallyport@localhost',
  GIT_COMMITTER_DATE: '1970-01-01T00:00:00Z',
};

/**
 * A git directory of ours over the objects of a repository. Merges and patches are tried there: the repository itself
 * stays as it is, and none of its configuration, attributes, drivers and hooks is in force.
 */
export class ScratchRepository implements Disposable {
  /** Stands where a repository is asked for: commits of either are found in it. */
  readonly directory: string;
  readonly #gitDir: string;
  readonly #guard: Disposable;
  readonly #merges = new Map<string, Promise<Merged>>();

  private constructor(directory: string) {
    this.directory = directory;
    this.#gitDir = join(directory, '.git');
    this.#guard = removeOnSignal(directory);
  }

  static open({ objectDirectories, objectFormat }: ObjectStore): ScratchRepository {
    const scratch = new ScratchRepository(mkdtempSync(join(tmpdir(), 'sallyport-scratch-')));
    try {
      scratch.#make({ objectDirectories, objectFormat });
      return scratch;
    } catch (error) {
      // Out of room, for example: what was made so far is nobody's.
      scratch[Symbol.dispose]();
      throw error;
    }
  }

  #make({ objectDirectories, objectFormat }: Pick<ObjectStore, 'objectDirectories' | 'objectFormat'>): void {
    const gitDir = this.#gitDir;
    for (const folder of ['objects/info', 'refs']) mkdirSync(join(gitDir, folder), { recursive: true });
    const sha256 = '1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256';
    const format = objectFormat === 'sha256' ? sha256 : '0\n\tbare = true';
    writeFileSync(join(gitDir, 'config'), `[core]\n\trepositoryformatversion = ${format}\n`);
    writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
    writeFileSync(join(gitDir, 'objects/info/alternates'), objectDirectories.map((path) => `${path}\n`).join(''));
    const shallow = objectDirectories.map((path) => join(dirname(path), 'shallow')).find((path) => existsSync(path));
    if (shallow !== undefined) copyFileSync(shallow, join(gitDir, 'shallow'));
  }

  [Symbol.dispose](): void {
    this.#guard[Symbol.dispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Merges `head` into `target`, as a commit. */
  async merge(target: string, head: string): Promise<MergeResult> {
    const merged = await this.#mergeTrees(target, head);
    if (merged.kind !== 'clean') return merged;
    return { ...merged, commit: await this.#commit(merged.tree, [target, head]) };
  }

  /** The tree of a clean merge of two commits; undefined when they conflict or one is not here. Asked once a pair. */
  async mergeOf(ours: string, theirs: string): Promise<string | undefined> {
    const pair = `${ours} ${theirs}`;
    const known = this.#merges.get(pair) ?? this.#mergeTrees(ours, theirs);
    this.#merges.set(pair, known);
    const merged = await known;
    return merged.kind === 'clean' ? merged.tree : undefined;
  }

  /** The commit that `patch` makes of `base`; undefined when it does not apply. */
  async applyPatch(base: string, patch: Uint8Array): Promise<string | undefined> {
    const tree = patch.length === 0 ? undefined : await this.treeOfPatch(base, patch);
    return tree === undefined ? undefined : this.#commit(tree, [base]);
  }

  /** The tree that a patch makes of a commit's; undefined when it does not apply. */
  async treeOfPatch(base: string, patch: Uint8Array): Promise<string | undefined> {
    const indexFile = join(this.#gitDir, 'patch.index');
    const index = { gitDir: this.#gitDir, indexFile };
    await tryGit({ ...index, args: ['read-tree', '--empty'] });
    if ((await tryGit({ ...index, args: ['read-tree', base] })).code !== 0) return undefined;
    const args = ['apply', '--cached', '--whitespace=nowarn', '-'];
    if (patch.length > 0 && (await tryGit({ ...index, args, input: patch })).code !== 0) return undefined;
    return this.#writeTree(indexFile);
  }

  /** The commit that the files of a working tree would make of `base`; what git ignores is left out. */
  async addWorkTree(base: string, workTree: string): Promise<string> {
    const indexFile = join(this.#gitDir, 'worktree.index');
    await runGit({ gitDir: this.#gitDir, indexFile, args: ['read-tree', base] });
    await runGit({ gitDir: this.#gitDir, indexFile, workTree, args: ['add', '--all', '--', '.'] });
    return this.#commit(await this.#writeTree(indexFile), [base]);
  }

  /** The tree of a commit. @throws SallyportError SP1308 when it names none. */
  async treeOf(commit: string): Promise<string> {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`];
    const { code, stdout } = await tryGit({ gitDir: this.#gitDir, args });
    const tree = stdout.toString('latin1').trim();
    if (code === 0 && isId(tree)) return tree;
    throw noCommit(commit);
  }

  /** Git's own merge (`merge-tree --write-tree`, git 2.38). */
  async #mergeTrees(ours: string, theirs: string): Promise<Merged> {
    const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
    const { code, stdout, stderr } = await tryGit({ gitDir: this.#gitDir, args });
    const [tree = '', ...paths] = stdout.toString('utf8').split('\0');
    if (code === 1 && isId(tree)) return { kind: 'conflict', paths: [...new Set(paths.filter((path) => path !== ''))] };
    if (code !== 0 || !isId(tree)) return { kind: 'failed', reason: firstLine(stderr) };
    return { kind: 'clean', tree };
  }

  async #writeTree(indexFile: string): Promise<string> {
    return (await runGit({ gitDir: this.#gitDir, indexFile, args: ['write-tree'] })).toString('latin1').trim();
  }

  async #commit(tree: string, parents: readonly string[]): Promise<string> {
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
    const input = Buffer.from('sallyport\n');
    return (await runGit({ gitDir: this.#gitDir, args, input, environment: IDENTITY })).toString('latin1').trim();
  }
}

function isId(text: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(text);
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line !== '') ?? 'no message';
}
