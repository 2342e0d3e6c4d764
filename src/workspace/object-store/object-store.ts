import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type GitInvocation, runGit, tryGit } from '../git-command.ts';
import { openGitSource, readControlFile } from '../git-source.ts';
import { noRepository } from '../no-repository.ts';

/** The objects and refs of a repository, of a checkout or of a bare one. Only read, but for refs that are ours. */
export interface ObjectStore {
  readonly gitDir: string;
  /** Directories that hold objects: what a push brought first, if one is under way. */
  readonly objectDirectories: readonly string[];
  readonly objectFormat: 'sha1' | 'sha256';
  readonly environment: { readonly [name: string]: string };
}

/** What git tells a hook about objects that were pushed and are not yet taken in (git-receive-pack, quarantine). */
export interface Quarantine {
  readonly objectDirectory: string;
  readonly alternates: readonly string[];
}

/**
 * Opens a repository: a checkout, or a bare one.
 * @param quarantine In a `pre-receive` hook: where the pushed objects wait.
 * @throws SallyportError SP1304 when there is none.
 */
export function openObjectStore(path: string, quarantine?: Quarantine): ObjectStore {
  const checkout = openGitSource(path);
  const gitDir = checkout?.gitDir ?? bareDirectory(path);
  if (gitDir === undefined) throw noRepository(path);
  const common = checkout?.commonDir ?? gitDir;
  const config = readControlFile(join(common, 'config'))?.toString('utf8') ?? '';
  return {
    gitDir,
    objectDirectories: [
      ...(quarantine === undefined ? [] : [quarantine.objectDirectory, ...quarantine.alternates]),
      join(common, 'objects'),
    ],
    objectFormat: /^\s*objectformat\s*=\s*sha256\b/im.test(config) ? 'sha256' : 'sha1',
    environment:
      quarantine === undefined
        ? {}
        : {
            GIT_OBJECT_DIRECTORY: quarantine.objectDirectory,
            GIT_ALTERNATE_OBJECT_DIRECTORIES: quarantine.alternates.join(':'),
            GIT_QUARANTINE_PATH: quarantine.objectDirectory,
          },
  };
}

function bareDirectory(path: string): string | undefined {
  const directory = resolve(path);
  const isThere = (name: string, kind: 'file' | 'directory'): boolean => {
    const status = lstatSync(join(directory, name), { throwIfNoEntry: false });
    return kind === 'file' ? status?.isFile() === true : status?.isDirectory() === true;
  };
  const looksLikeOne = isThere('objects', 'directory') && isThere('refs', 'directory') && isThere('HEAD', 'file');
  return looksLikeOne && readFileSync(join(directory, 'HEAD'), 'latin1').length > 0 ? directory : undefined;
}

type Question = Omit<GitInvocation, 'gitDir'>;

/** Ask git about a store. A non-zero exit throws SP1305. */
export function askStore(store: ObjectStore, question: Question): Promise<Buffer> {
  return runGit(invocationOf(store, question));
}

/** As `askStore`, where a non-zero exit is an answer. */
export function tryStore(store: ObjectStore, question: Question): ReturnType<typeof tryGit> {
  return tryGit(invocationOf(store, question));
}

function invocationOf(store: ObjectStore, question: Question): GitInvocation {
  return { ...question, gitDir: store.gitDir, environment: { ...store.environment, ...question.environment } };
}
