/** Repositories of git that a rehearsal works on. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { ENVIRONMENT } from './rehearsal.ts';

const AUTHOR = ['-c', 'user.name=build', '-c', 'user.email=build@example.test'] as const;

/** An empty repository in a new directory. */
export function startRepository(directory: string): void {
  mkdirSync(directory);
  git(directory, ['init', '-q', '-b', 'main']);
}

/** Everything that lies in the directory now, as one commit. */
export function commitAll(directory: string, message: string): void {
  git(directory, ['add', '-A']);
  git(directory, [...AUTHOR, 'commit', '-qm', message]);
}

/** By nobody's own configuration: it may sign, or run hooks. */
function git(cwd: string, words: readonly string[]): void {
  const env = { ...ENVIRONMENT, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const { status, stderr } = spawnSync('git', words, { cwd, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`git ${words.join(' ')}: ${stderr ?? 'not started'}`);
}
