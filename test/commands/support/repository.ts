import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** The program as it is installed: the bundle when it was built, else the sources. */
export const PROGRAM = resolve(import.meta.dirname, '../../../bin/sallyport');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A repository with real git in a directory of its own. */
export interface Repository {
  readonly root: string;
  write(files: { readonly [path: string]: string }): void;
  /** Writes the files and commits everything; gives the commit's id. */
  commit(files: { readonly [path: string]: string }): string;
  sallyport(...words: string[]): Outcome;
  /** The same while this process answers it: a forge or a model that the test plays. */
  sallyportBeside(environment: { readonly [name: string]: string }, ...words: readonly string[]): Promise<Outcome>;
  [Symbol.dispose](): void;
}

export function openRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-repository-'));
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', ...words], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  git('init', '-q', '-b', 'main');
  const write: Repository['write'] = (files) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  return {
    root,
    write,
    commit: (files) => {
      write(files);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', 'a commit');
      return git('rev-parse', 'HEAD');
    },
    sallyport: (...words) => {
      const { status, stdout, stderr } = spawnSync(PROGRAM, words, {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: '/usr/bin:/bin', HOME: root },
      });
      return { code: status, stdout, stderr };
    },
    sallyportBeside: async (environment, ...words) => {
      const child = spawn(PROGRAM, words, {
        cwd: root,
        env: { PATH: '/usr/bin:/bin', HOME: root, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      return { code, stdout, stderr };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
