/** A link in the place of a file by which changes are judged: whoever approves, signs or verifies refuses it, too. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { findCodeOwners } from '../../src/attest/index.ts';
import { createGroundReader } from '../../src/commands/verify/trust.ts';
import { openObjectStore, readCommitTree } from '../../src/workspace/index.ts';
import { Story } from './attest/story.ts';
import { type ApprovalGround, openApprovalGround } from './support/approval-ground.ts';

const MESSAGE = /it is a link; make it a file of its own/;

/** Moves a file of `main` away and puts a link in its place; `topic` is made again on it. */
function putBehindLink({ repository, git }: ApprovalGround, path: string, text?: string): void {
  git('checkout', '-q', 'main');
  if (text !== undefined) repository.commit({ [path]: text });
  const moved = `moved/${basename(path)}`;
  mkdirSync(join(repository.root, 'moved'), { recursive: true });
  git('mv', path, moved);
  symlinkSync(relative(dirname(path), moved), join(repository.root, path));
  repository.commit({});
  git('checkout', '-q', '-B', 'topic');
  repository.commit({ 'src/pages.py': 'def show(request):\n    return page(request)\n' });
}

test('nobody approves under a policy or trust store behind a link', () => {
  using ground = openApprovalGround();
  assert.equal(ground.approve('--as', 'alice', '--preview').code, 0);
  for (const [path, code, text] of [
    ['sallyport.yaml', 'SP1103', 'version: 1\n'],
    ['.sallyport/trust.yaml', 'SP2501', undefined],
  ] as const) {
    putBehindLink(ground, path, text);
    const { code: exit, stderr } = ground.approve('--as', 'alice', '--preview');
    assert.equal(exit, 2);
    assert.match(stderr, new RegExp(code));
    assert.match(stderr, MESSAGE);
  }
});

test('code owners behind a link are nobody’s answer: the gate is incomplete', async () => {
  using ground = openApprovalGround();
  const { repository } = ground;
  const before = repository.sallyport('gate', 'topic', '--base', 'main', '--format', 'json');
  assert.equal(JSON.parse(before.stdout).verdict, 'needs-approval');
  putBehindLink(ground, '.github/CODEOWNERS');
  const owners = findCodeOwners(await readCommitTree(repository.root, 'main'));
  assert.ok(owners !== undefined && 'message' in owners);
  assert.match(owners.message, MESSAGE);
  const ended = repository.sallyport('gate', 'topic', '--base', 'main');
  assert.equal(ended.code, 3);
  assert.match(ended.stdout, MESSAGE);
});

test('what was signed under a file of its own is not verified on a commit at which it is a link', async () => {
  for (const path of ['.sallyport/trust.yaml', '.sallyport/trusted-root.json', 'sallyport.yaml']) {
    using ground = openApprovalGround();
    putBehindLink(ground, path, path === '.sallyport/trust.yaml' ? undefined : '{}\n');
    const store = openObjectStore(ground.repository.root);
    const [linked, plain] = ['main', 'main~1'].map((name) => ground.git('rev-parse', name));
    const found = await (await createGroundReader(store, [linked ?? '']))(linked ?? '');
    assert.ok('problem' in found, path);
    assert.match(found.problem, MESSAGE);
    assert.match(found.problem, new RegExp(path.replaceAll('.', '\\.')));
    assert.ok('trust' in (await (await createGroundReader(store, [plain ?? '']))(plain ?? '')), path);
  }
});

test('nothing is signed about a change whose base has a link for a policy or trust store', async () => {
  using story = new Story();
  for (const [path, code] of [
    ['sallyport.yaml', 'SP1103'],
    ['.sallyport/trust.yaml', 'SP2501'],
  ] as const) {
    const { repository } = story;
    repository.git('checkout', '-q', '-B', 'linked', story.base);
    repository.git('mv', path, 'moved');
    rmSync(join(repository.path, path), { force: true });
    symlinkSync(relative(dirname(path), 'moved'), join(repository.path, path));
    const base = repository.commit({});
    const head = repository.commit({ 'a.txt': 'hi\n' });
    const words = ['--commit', head, '--base', base, '--refer', story.file('gate.pub'), '--key', story.file('gate')];
    const ended = await story.sallyport('attest', ...words);
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(ended.stderr, new RegExp(code));
    assert.match(ended.stderr, MESSAGE);
    const plain = await story.sallyport(
      'attest',
      '--commit',
      story.head,
      '--base',
      story.base,
      '--refer',
      story.file('gate.pub'),
      '--key',
      story.file('gate'),
    );
    assert.equal(plain.code, 0, plain.stderr);
  }
});
