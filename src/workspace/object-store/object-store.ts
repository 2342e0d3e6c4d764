import { join } from 'node:path';
import { type GitInvocation, runGit, tryGit } from '../git-command.ts';
import { openRepository } from '../repository.ts';

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
  const { gitDir, commonDir, objectFormat } = openRepository(path);
  return {
    gitDir,
    objectDirectories: [
      ...(quarantine === undefined ? [] : [quarantine.objectDirectory, ...quarantine.alternates]),
      join(commonDir, 'objects'),
    ],
    objectFormat,
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
