/** Repositories that cannot be read for what they are: refused in bounded time, never staged as something else. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { git, makeRepository, Scratch, stageOf } from './checkout.ts';

/** What is done to a repository, and what its refusal says. */
const CASES: readonly (readonly [string, (git: string, scratch: Scratch) => void, RegExp])[] = [
  ['whose HEAD is no ref', (dir) => writeFileSync(join(dir, 'HEAD'), 'somewhere\n'), /HEAD is not a valid ref/],
  [
    'whose HEAD climbs out',
    (dir) => writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/../../x\n'),
    /HEAD is not a valid/,
  ],
  ['whose HEAD names no commit', (dir) => writeFileSync(join(dir, 'HEAD'), `${'1'.repeat(40)}\n`), /is no commit of/],
  [
    'whose refs are kept in another format',
    (dir) => appendFileSync(join(dir, 'config'), '[extensions]\n\trefstorage = reftable\n'),
    /reftable/,
  ],
  [
    'whose list of refs is a pipe',
    (dir) => void execFileSync('mkfifo', [join(dir, 'packed-refs')]),
    /not a file of a sane size/,
  ],
  [
    'whose list of refs is a link',
    (dir, scratch) => {
      writeFileSync(join(scratch.path, 'elsewhere'), '');
      symlinkSync(join(scratch.path, 'elsewhere'), join(dir, 'packed-refs'));
    },
    /cannot read/,
  ],
  [
    'that borrows from too many others',
    (dir, scratch) => {
      const stores = Array.from({ length: 17 }, () => scratch.directory('store'));
      writeFileSync(join(dir, 'objects/info/alternates'), stores.map((store) => `${store}\n`).join(''));
    },
    /too many borrowed/,
  ],
];

for (const [title, spoil, message] of CASES)
  test(`a repository ${title} is refused`, async () => {
    using scratch = new Scratch();
    const source = makeRepository(scratch.directory('source'), { a: '1\n' });
    assert.equal((await stageOf(scratch, source)).counts.files, 1);
    spoil(join(source, '.git'), scratch);
    await assert.rejects(stageOf(scratch, source), { code: 'SP1304', message });
  });

test('a repository that borrows from as many others as are followed is staged', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1\n' });
  const stores = Array.from({ length: 15 }, () => scratch.directory('store'));
  writeFileSync(join(source, '.git/objects/info/alternates'), stores.map((store) => `${store}\n`).join(''));
  const { lower } = await stageOf(scratch, source);
  assert.equal(git(lower, 'status', '--porcelain'), '');
});

test('a git file that names nothing, or what is not there, is refused; so is one that is no file', async () => {
  using scratch = new Scratch();
  const source = scratch.directory('source');
  const marker = join(source, '.git');
  for (const [text, message] of [
    ['nothing\n', /names no git directory/],
    ['gitdir: ../gone\n', /does not exist/],
  ] as const) {
    writeFileSync(marker, text);
    await assert.rejects(stageOf(scratch, source), { code: 'SP1304', message });
  }
  rmSync(marker);
  execFileSync('mkfifo', [marker]);
  await assert.rejects(stageOf(scratch, source), { code: 'SP1304', message: /neither a directory nor a file/ });
});

test('a worktree that a repository does not name is refused, though it names the repository', async () => {
  using scratch = new Scratch();
  const owner = makeRepository(scratch.directory('owner'), { secret: 'of somebody else\n' });
  git(owner, 'worktree', 'add', '-q', join(scratch.path, 'genuine'), '-b', 'side');
  const source = scratch.directory('source');
  writeFileSync(join(source, '.git'), `gitdir: ${join(owner, '.git/worktrees/genuine')}\n`);
  await assert.rejects(stageOf(scratch, source), { code: 'SP1304', message: /does not point back/ });
  // One that stands elsewhere and says of itself that it belongs to the repository.
  const forged = scratch.directory('forged');
  mkdirSync(join(forged, 'admin'));
  writeFileSync(join(forged, 'admin/commondir'), `${join(owner, '.git')}\n`);
  writeFileSync(join(forged, 'admin/gitdir'), `${join(source, '.git')}\n`);
  writeFileSync(join(forged, 'admin/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(source, '.git'), `gitdir: ${join(forged, 'admin')}\n`);
  await assert.rejects(stageOf(scratch, source), { code: 'SP1304', message: /does not point back/ });
});
