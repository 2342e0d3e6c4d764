/** A clone without contents of files: what is missing is told with what to do, and nothing is fetched. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runGit } from '../../src/workspace/git-command.ts';

test('content that a partial clone lacks is no fault of git: the answer names the clone, and the content is not fetched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-partial-'));
  try {
    const env = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
    const git = (cwd: string, ...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', ...words], { cwd, env })
        .toString()
        .trim();
    git(folder, 'init', '-q', '-b', 'main', 'whole');
    const whole = join(folder, 'whole');
    writeFileSync(join(whole, 'a.txt'), 'a\n');
    git(whole, 'add', '-A');
    git(whole, 'commit', '-q', '-m', 'one');
    git(whole, 'config', 'uploadpack.allowFilter', 'true');
    git(folder, 'clone', '-q', '--no-checkout', '--filter=blob:none', `file://${whole}`, 'part');
    const part = join(folder, 'part');
    const gitDir = join(part, '.git');
    const blob = git(whole, 'rev-parse', 'HEAD:a.txt');
    const read = (directory: string) => runGit({ gitDir: directory, args: ['cat-file', 'blob', blob] });
    assert.equal((await read(join(whole, '.git'))).toString(), 'a\n');
    await assert.rejects(read(gitDir), { code: 'SP1305', advice: /clone without --filter/ });
    const have = git(part, 'cat-file', '--batch-all-objects', '--batch-check=%(objecttype)').split('\n');
    assert.ok(!have.includes('blob'), 'it was fetched');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
