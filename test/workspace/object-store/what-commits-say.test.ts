import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listHistory, listRawChanges, openObjectStore } from '../../../src/workspace/index.ts';
import { Repository } from '../../attest/repository.ts';

interface Ground {
  readonly base: string;
  readonly middle: string;
  readonly head: string;
}

/** A commit that a later one undoes: it must be seen. */
function fill(repository: Repository): Ground {
  const base = repository.commit({ 'a.txt': 'a\n' });
  const middle = repository.commit({ 'key.txt': 'secret\n' });
  rmSync(join(repository.path, 'key.txt'));
  return { base, middle, head: repository.commit({ 'b.txt': 'b\n' }) };
}

function within(repository: Repository, path: string): string {
  return join(repository.path, '.git', path);
}

const HASH = 20;

/** Makes the commit graph say that `head` comes from `base`: chunks of gitformat-commit-graph(5), checksum renewed. */
function lieInCommitGraph(repository: Repository, { base, head }: Ground): void {
  repository.git('commit-graph', 'write', '--reachable');
  const path = within(repository, 'objects/info/commit-graph');
  const bytes = readFileSync(path);
  const placeOf = (id: string): number => {
    for (let at = 8; at < bytes.length; at += 12)
      if (bytes.toString('latin1', at, at + 4) === id) return Number(bytes.readBigUInt64BE(at + 4));
    return assert.fail(id);
  };
  const [names, data] = [placeOf('OIDL'), placeOf('CDAT')];
  const rankOf = (id: string): number => (bytes.indexOf(Buffer.from(id, 'hex'), names) - names) / HASH;
  bytes.writeUInt32BE(rankOf(base), data + rankOf(head) * (HASH + 16) + HASH);
  createHash('sha1')
    .update(bytes.subarray(0, -HASH))
    .digest()
    .copy(bytes, bytes.length - HASH);
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}

const LIES: readonly (readonly [string, (repository: Repository, ground: Ground) => void])[] = [
  [
    'a replaced commit',
    (repository, { base, head }) => {
      const tree = repository.git('rev-parse', `${head}^{tree}`);
      repository.git('replace', head, repository.git('commit-tree', tree, '-p', base, '-m', 'other parents'));
    },
  ],
  [
    'a graft',
    (repository, { base, head }) => {
      mkdirSync(within(repository, 'info'), { recursive: true });
      writeFileSync(within(repository, 'info/grafts'), `${head} ${base}\n`);
    },
  ],
  ['a commit graph', lieInCommitGraph],
];

for (const [what, lie] of LIES)
  test(`${what} takes no commit out of the history that is looked at`, async () => {
    using repository = new Repository();
    const ground = fill(repository);
    lie(repository, ground);
    assert.doesNotMatch(repository.git('log', '--format=%H'), new RegExp(ground.middle), 'git itself believes it');
    const history = await listHistory(openObjectStore(repository.path), [ground.base], ground.head);
    assert.deepEqual(
      history.map(({ id }) => id),
      [ground.middle, ground.head],
    );
  });

test('another commit of a submodule is listed, whatever .gitmodules and configuration ignore', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'a\n' });
  const modules = '[submodule "s"]\n\tpath = s\n\turl = ../s\n\tignore = all\n';
  repository.commit({ '.gitmodules': modules });
  repository.git('config', 'diff.ignoreSubmodules', 'all');
  repository.git('update-index', '--add', '--cacheinfo', `160000,${base},s`);
  const tree = repository.git('write-tree');
  const head = repository.git('commit-tree', tree, '-p', 'HEAD', '-m', 'submodule');
  const [files = []] = await listRawChanges(openObjectStore(repository.path), [{ base, head }]);
  assert.deepEqual(
    files.map(({ path, mode }) => [path, mode]),
    [
      ['.gitmodules', '100644'],
      ['s', '160000'],
    ],
  );
});

test('no program of the configuration is started for a commit with a signature', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'a\n' });
  const [ran, program] = [within(repository, 'ran'), within(repository, 'gpg')];
  writeFileSync(program, `#!/bin/sh\ntouch ${ran}\n`);
  chmodSync(program, 0o755);
  repository.git('config', 'log.showSignature', 'true');
  repository.git('config', 'gpg.program', program);
  const tree = repository.git('rev-parse', 'HEAD^{tree}');
  const lines = [`tree ${tree}`, `parent ${base}`, 'author a <a@example.test> 1 +0000'];
  const seal = ['gpgsig -----BEGIN PGP SIGNATURE-----', ' ', ' x', ' -----END PGP SIGNATURE-----'];
  const text = [...lines, 'committer a <a@example.test> 1 +0000', ...seal, '', 'signed', ''].join('\n');
  writeFileSync(within(repository, 'text'), text);
  const head = repository.git('hash-object', '-w', '-t', 'commit', within(repository, 'text'));
  const history = await listHistory(openObjectStore(repository.path), [base], head);
  assert.deepEqual([history.map(({ id }) => id), existsSync(ran)], [[head], false]);
  repository.git('log', '-1', head);
  assert.ok(existsSync(ran), 'git itself starts it');
});
