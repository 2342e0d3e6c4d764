import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commitFiles, findCommit } from '../../src/workspace/index.ts';

/** A repository with one commit, hooks and a filter that would leave a mark. */
class Repository implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'sallyport-commit-'));
  readonly mark = join(this.root, 'mark');

  constructor() {
    this.git('init', '-q', '-b', 'main');
    writeFileSync(join(this.root, 'a.sh'), 'one\n');
    chmodSync(join(this.root, 'a.sh'), 0o755);
    writeFileSync(join(this.root, '.gitattributes'), '* filter=evil\n');
    this.git('add', '.');
    this.git('commit', '-q', '-m', 'base');
    this.git('config', 'filter.evil.clean', `touch ${this.mark}; cat`);
    mkdirSync(join(this.root, '.git/hooks'), { recursive: true });
    for (const hook of ['reference-transaction', 'post-commit', 'pre-commit', 'post-index-change']) {
      const file = join(this.root, '.git/hooks', hook);
      writeFileSync(file, `#!/bin/sh\ntouch ${this.mark}\n`);
      chmodSync(file, 0o755);
    }
  }

  git(...args: string[]): string {
    return execFileSync('git', ['-C', this.root, '-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args], {
      encoding: 'utf8',
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

describe('a commit of files', () => {
  it('is made on a new branch, and nothing of the repository runs or moves', async () => {
    using repository = new Repository();
    const parent = (await findCommit(repository.root, 'HEAD')) ?? '';
    const files = [
      { path: 'a.sh', after: 'two\n' },
      { path: 'deep/new file.txt', after: 'new\n' },
    ];
    const id = await commitFiles(repository.root, {
      parent,
      files,
      message: 'Mend\n',
      branch: 'heal/a',
      date: 1_700_000_000,
    });
    assert.ok(!existsSync(repository.mark), 'no hook or filter ran');
    rmSync(join(repository.root, '.git/hooks'), { recursive: true });
    assert.equal(repository.git('rev-parse', 'heal/a').trim(), id);
    assert.equal(repository.git('show', 'heal/a:a.sh'), 'two\n');
    assert.match(repository.git('ls-tree', '-r', 'heal/a'), /100755 blob \w+\ta\.sh/);
    assert.equal(repository.git('show', 'heal/a:deep/new file.txt'), 'new\n');
    assert.equal(repository.git('rev-parse', 'HEAD').trim(), parent);
    assert.equal(repository.git('symbolic-ref', 'HEAD').trim(), 'refs/heads/main');
  });

  it('is the same for the same input', async () => {
    using repository = new Repository();
    const parent = (await findCommit(repository.root, 'HEAD')) ?? '';
    const commit = { parent, files: [{ path: 'a.sh', after: 'two\n' }], message: 'Mend\n', date: 1_700_000_000 };
    const one = await commitFiles(repository.root, { ...commit, branch: 'one' });
    assert.equal(await commitFiles(repository.root, { ...commit, branch: 'two' }), one);
  });

  it('takes no branch that is there, and no name that is none', async () => {
    using repository = new Repository();
    const parent = (await findCommit(repository.root, 'HEAD')) ?? '';
    for (const branch of ['main', '', '-x', 'a..b', '../x', 'a b', 'x.lock'])
      await assert.rejects(
        commitFiles(repository.root, { parent, files: [{ path: 'a.sh', after: 'x' }], message: 'm', branch, date: 1 }),
        { code: 'SP1309' },
        branch,
      );
  });
});
