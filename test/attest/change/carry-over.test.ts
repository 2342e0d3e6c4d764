import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { carriesOver, changeIdentity, readChangeContent, repositoryName } from '../../../src/attest/index.ts';
import { openObjectStore, ScratchRepository } from '../../../src/workspace/index.ts';
import { REPOSITORY, Repository, TARGET } from '../repository.ts';

const guarded = (name: string): string =>
  `def ${name}(user):\n    log("start")\n    prepare(user)\n    check(user)\n    if not user.admin:\n        raise Denied()\n    work()\n    log("end")\n    done()\n`;
const unguarded = (name: string): string =>
  guarded(name).replace('    if not user.admin:\n        raise Denied()\n', '');
const TWINS = `${guarded('first')}\n\n${guarded('second')}`;

/** Is what stands at `landed` the approved base..head and nothing else? */
async function holds(repository: Repository, base: string, head: string, landed: string): Promise<boolean> {
  const store = openObjectStore(repository.path);
  using scratch = ScratchRepository.open(store);
  const approved = await changeIdentity(store, { repository: REPOSITORY, targetRef: TARGET, base, head });
  const [tree, onto] = [repository.git('rev-parse', `${landed}^{tree}`), repository.git('rev-parse', `${landed}^1`)];
  return await carriesOver(scratch, approved, { tree, onto });
}

/** The change of one function is approved while the target moves on. */
function prepare() {
  const repository = new Repository();
  const base = repository.commit({ 'a.py': TWINS, 'b.txt': 'one\n' });
  repository.branch('agent', base);
  const head = repository.commit({ 'a.py': `${unguarded('first')}\n\n${guarded('second')}` });
  repository.branch('main', base);
  const moved = repository.commit({ 'b.txt': 'two\n' });
  return { repository, base, head, moved };
}

test('an honest rebase onto a moved base is the approved change', async () => {
  const { repository, base, head, moved } = prepare();
  using _ = repository;
  repository.branch('main', moved);
  repository.git('cherry-pick', head);
  assert.ok(await holds(repository, base, head, 'main'));
});

test('a squash on the unmoved base is the approved change', async () => {
  const { repository, base, head } = prepare();
  using _ = repository;
  repository.branch('main', base);
  repository.git('merge', '-q', '--squash', head);
  assert.ok(await holds(repository, base, head, repository.commit({}, 'squashed')));
});

test('a squash onto a moved base is the approved change', async () => {
  const { repository, base, head, moved } = prepare();
  using _ = repository;
  repository.branch('main', moved);
  repository.git('merge', '-q', '--squash', head);
  assert.ok(await holds(repository, base, head, repository.commit({}, 'squashed')));
});

test('a rebase that takes the check out of the twin function is void, though its patch id is the same', async () => {
  const { repository, base, head, moved } = prepare();
  using _ = repository;
  repository.branch('main', moved);
  const forged = repository.commit({ 'a.py': `${guarded('first')}\n\n${unguarded('second')}` });
  const idOf = (commit: string): string =>
    repository.git('-c', `alias.id=!git show ${commit} | git patch-id --stable`, 'id').split(' ')[0] ?? '';
  assert.equal(idOf(forged), idOf(head));
  assert.ok(!(await holds(repository, base, head, forged)));
});

test('a line that is moved out of its condition is another change', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.py': 'if admin:\n    log()\n    erase()\n' });
  repository.branch('agent', base);
  const head = repository.commit({ 'a.py': 'if admin:\n    log()\n    erase()\n    note()\n' });
  repository.branch('main', base);
  const moved = repository.commit({ 'a.py': 'if admin:\n    log()\n    erase()\nnote()\n' });
  assert.ok(!(await holds(repository, base, head, moved)));
});

test('a conflict that somebody resolved does not carry over', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'one\n' });
  repository.branch('agent', base);
  const head = repository.commit({ 'a.txt': 'agent\n' });
  repository.branch('main', base);
  repository.commit({ 'a.txt': 'other\n' });
  const resolved = repository.commit({ 'a.txt': 'agent\n' });
  assert.ok(!(await holds(repository, base, head, resolved)));
});

test('a merge driver that the repository configures is not run', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'one\n\n\n\ntwo\n' });
  repository.branch('agent', base);
  const head = repository.commit({ 'a.txt': 'agent\n\n\n\ntwo\n' });
  repository.branch('main', base);
  repository.commit({ 'a.txt': 'one\n\n\n\nmain\n' });
  const merged = repository.commit({ 'a.txt': 'agent\n\n\n\nmain\n' });
  const mark = join(repository.path, 'ran');
  repository.git('config', 'merge.evil.driver', `touch ${mark}; false`);
  repository.write({ '.git/info/attributes': '* merge=evil\n' });
  assert.ok(await holds(repository, base, head, merged));
  assert.ok(!existsSync(mark));
});

test('a change is its commits and files, whatever is written beside them', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'one\n', 'gone.txt': 'x\n' });
  const first = repository.commit({ 'a.txt': 'two\n' });
  repository.git('rm', '-q', 'gone.txt');
  const head = repository.commit({ 'new.txt': 'new\n' });
  const store = openObjectStore(repository.path);
  const content = await readChangeContent(store, { repository: REPOSITORY, targetRef: TARGET, base, head: 'HEAD' });
  assert.deepEqual(content.commits, [first, head]);
  assert.deepEqual(
    content.files.map(({ path, status }) => [path, status]),
    [
      ['a.txt', 'modified'],
      ['gone.txt', 'removed'],
      ['new.txt', 'added'],
    ],
  );
  assert.equal(content.identity.headTree, repository.git('rev-parse', 'HEAD^{tree}'));
});

test('one repository has one name, without credentials', () => {
  const names = [
    'https://forge.example.test/acme/app.git',
    'https://user:secret@forge.example.test/acme/app',
    'git@Forge.Example.test:acme/app.git',
    'ssh://git@forge.example.test:22/acme/app.git/',
    'git+https://forge.example.test/acme/app',
  ].map(repositoryName);
  assert.deepEqual([...new Set(names)], [REPOSITORY]);
  assert.equal(repositoryName('/srv/git/app.git'), 'git+local:repository');
  assert.equal(repositoryName(''), 'git+local:repository');
});
