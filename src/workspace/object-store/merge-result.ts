import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../system/index.ts';
import { type GitInvocation, runGit, tryGit } from '../git-command.ts';
import type { ObjectStore } from './object-store.ts';

const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * A git directory of our own that sees the objects of a repository and nothing else of it: no configuration, no
 * attributes, no merge driver. What git computes here is written here and goes away with it.
 */
export interface MergeScratch extends AsyncDisposable {
  /**
   * The tree of a clean merge of two commits; `undefined` when they conflict or one is not here.
   * Git's own merge (`merge-tree --write-tree`, git 2.38).
   */
  mergeOf(ours: string, theirs: string): Promise<string | undefined>;
  /** The tree that a patch makes of a commit's; `undefined` when it does not apply. */
  treeOfPatch(base: string, patch: Uint8Array): Promise<string | undefined>;
}

export async function openMergeScratch(store: ObjectStore): Promise<MergeScratch> {
  const gitDir = await mkdtemp(join(tmpdir(), 'sallyport-merge-'));
  const environment = { GIT_ALTERNATE_OBJECT_DIRECTORIES: store.objectDirectories.join(':') };
  const ask = (question: Omit<GitInvocation, 'gitDir'>): ReturnType<typeof tryGit> =>
    tryGit({ ...question, gitDir, environment });
  await runGit({ gitDir, args: ['init', '--quiet', '--bare', `--object-format=${store.objectFormat}`, gitDir] });
  const known = new Map<string, string | undefined>();
  return {
    mergeOf: async (ours, theirs) => {
      const pair = `${ours} ${theirs}`;
      if (!known.has(pair)) {
        const { code, stdout } = await ask({ args: ['merge-tree', '--write-tree', ours, theirs] });
        const tree = stdout.toString('latin1').split('\n')[0] ?? '';
        known.set(pair, code === 0 && OBJECT_NAME.test(tree) ? tree : undefined);
      }
      return known.get(pair);
    },
    treeOfPatch: async (base, patch) => {
      const indexFile = join(gitDir, 'patch.index');
      await ask({ args: ['read-tree', '--empty'], indexFile });
      if ((await ask({ args: ['read-tree', base], indexFile })).code !== 0) return undefined;
      const args = ['apply', '--cached', '--whitespace=nowarn', '-'];
      if (patch.length > 0 && (await ask({ args, indexFile, input: patch })).code !== 0) return undefined;
      const { code, stdout } = await ask({ args: ['write-tree'], indexFile });
      const tree = stdout.toString('latin1').trim();
      return code === 0 && OBJECT_NAME.test(tree) ? tree : undefined;
    },
    [Symbol.asyncDispose]: () => removeTree(gitDir),
  };
}
