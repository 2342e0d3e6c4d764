import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { SallyportError } from '../../src/errors/index.ts';
import { commit, git, makeRepository, Scratch, stageOf, writeFiles } from './checkout.ts';

function codeOf(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SallyportError && error.code === code;
}

test('a clean checkout is staged clean: same files, same modes, same times, and git sees no change', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), {
    'src/a.js': 'a\n',
    'run.sh': '#!/bin/sh\n',
    'leer/ä.txt': 'ü',
  });
  chmodSync(join(source, 'run.sh'), 0o755);
  symlinkSync('src/a.js', join(source, 'link'));
  commit(source, 'two');
  utimesSync(join(source, 'src/a.js'), 1_600_000_000, 1_600_000_000);
  const stage = await stageOf(scratch, source);
  assert.equal(readFileSync(join(stage.lower, 'src/a.js'), 'utf8'), 'a\n');
  assert.equal(statSync(join(stage.lower, 'run.sh')).mode & 0o7777, 0o755);
  assert.equal(statSync(join(stage.lower, 'src/a.js')).mode & 0o7777, 0o644);
  assert.equal(statSync(join(stage.lower, 'src/a.js')).mtimeMs, 1_600_000_000_000);
  assert.equal(readlinkSync(join(stage.lower, 'link')), 'src/a.js');
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
  assert.equal(stage.tree, git(source, 'rev-parse', 'HEAD^{tree}'));
  assert.equal(git(stage.lower, 'fsck', '--full'), '');
  assert.equal(git(stage.lower, 'rev-parse', '--abbrev-ref', 'HEAD'), 'main');
});

test('git add, commit, log and diff work in the stage without a configuration of the person', async () => {
  using scratch = new Scratch();
  const stage = await stageOf(scratch, makeRepository(scratch.directory('source'), { a: '1\n' }));
  writeFileSync(join(stage.lower, 'b'), '2\n');
  const run = (...args: string[]) =>
    execFileSync('git', ['-C', stage.lower, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' },
    });
  run('add', '-A');
  run('commit', '-qm', 'by the agent');
  assert.match(run('log', '--format=%an <%ae> %s'), /^Sallyport agent <agent@sallyport.invalid> by the agent\n/);
  assert.equal(run('status', '--short'), '');
});

test('nothing of the checkout is run: not its monitor, hooks, filters or drivers', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), {
    'a.txt': 'a\n',
    '.gitattributes': '*.txt filter=evil diff=evil\n',
  });
  const marker = join(scratch.path, 'marker');
  const command = `sh -c 'touch ${marker}; cat'`;
  for (const key of [
    'core.fsmonitor',
    'filter.evil.clean',
    'filter.evil.smudge',
    'diff.evil.textconv',
    'core.sshCommand',
    'credential.helper',
    'core.pager',
  ]) {
    git(source, 'config', key, command);
  }
  writeFiles(source, { '.git/hooks/post-index-change': `#!/bin/sh\ntouch ${marker}\n`, 'a.txt': 'changed\n' });
  chmodSync(join(source, '.git/hooks/post-index-change'), 0o755);
  const stage = await stageOf(scratch, source, { base: 'HEAD' });
  assert.equal(existsSync(marker), false);
  assert.equal(readFileSync(join(stage.lower, 'a.txt'), 'utf8'), 'changed\n');
});

test('the new git directory holds no configuration, token, hook, log or fetch trace of the old one', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  git(source, 'config', 'http.https://github.com/.extraheader', 'AUTHORIZATION: basic CANARY-TOKEN');
  git(source, 'config', 'remote.origin.url', 'https://user:CANARY-TOKEN@example.org/x.git');
  writeFiles(source, {
    '.git/credentials': 'CANARY-TOKEN',
    '.git/FETCH_HEAD': 'CANARY-TOKEN',
    '.git/hooks/pre-commit': 'CANARY-TOKEN',
    '.git/info/attributes': '* filter=CANARY-TOKEN',
    '.git/config.worktree': 'CANARY-TOKEN',
    '.git/modules/x/config': 'CANARY-TOKEN',
  });
  const stage = await stageOf(scratch, source);
  const found = execFileSync('sh', ['-c', 'grep -rl CANARY-TOKEN . || true'], { cwd: stage.lower, encoding: 'utf8' });
  assert.equal(found, '');
  assert.deepEqual(readdirSync(join(stage.lower, '.git')).toSorted(), [
    'HEAD',
    'config',
    'index',
    'info',
    'objects',
    'packed-refs',
    'refs',
  ]);
});

test('branches, tags and remote branches are kept; refs with a hostile name or a missing object are not', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  const head = git(source, 'rev-parse', 'HEAD');
  git(source, 'tag', 'v1');
  git(source, 'update-ref', 'refs/remotes/origin/main', head);
  git(source, 'pack-refs', '--all');
  writeFiles(source, {
    '.git/refs/heads/gone': `${'1'.repeat(40)}\n`,
    '.git/refs/heads/a..b': `${head}\n`,
    '.git/refs/heads/x.lock': `${head}\n`,
  });
  const stage = await stageOf(scratch, source);
  assert.deepEqual(git(stage.lower, 'for-each-ref', '--format=%(refname)').split('\n'), [
    'refs/heads/main',
    'refs/remotes/origin/main',
    'refs/tags/v1',
  ]);
  assert.equal(git(stage.lower, 'log', '--all', '--oneline').split('\n').length, 1);
});

test('a link into what the agent sees at the same place stays as it is, as those of a Python environment', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { '.gitignore': '.venv\n' });
  mkdirSync(join(source, '.venv/bin'), { recursive: true });
  symlinkSync('/usr/bin/python3', join(source, '.venv/bin/python3'));
  symlinkSync('python3', join(source, '.venv/bin/python'));
  symlinkSync('/etc/shadow', join(source, '.venv/bin/shadow'));
  const stage = await stageOf(scratch, source, { shown: ['/usr'] });
  assert.equal(readlinkSync(join(stage.lower, '.venv/bin/python3')), '/usr/bin/python3');
  assert.equal(readlinkSync(join(stage.lower, '.venv/bin/python')), 'python3');
  assert.deepEqual(
    stage.removedLinks.map(({ path }) => path),
    ['.venv/bin/shadow'],
  );
  const hidden = await stageOf(scratch, source);
  assert.equal(hidden.removedLinks.length, 3, 'where nothing is shown');
});

test('links that leave the tree stay behind and are named; the benign ones come along', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'docs/a.md': 'a' });
  symlinkSync('/proc/self', join(source, 'self'));
  symlinkSync('../../outside', join(source, 'docs/out'));
  symlinkSync('.git/config', join(source, 'gitlink'));
  symlinkSync(join(source, 'docs/a.md'), join(source, 'absolute'));
  symlinkSync('docs', join(source, 'manual'));
  commit(source, 'links');
  const stage = await stageOf(scratch, source);
  assert.deepEqual(stage.removedLinks.map(({ path }) => path).toSorted(), ['docs/out', 'gitlink', 'self']);
  assert.equal(existsSync(join(stage.lower, 'self')), false);
  assert.equal(readlinkSync(join(stage.lower, 'absolute')), 'docs/a.md');
  assert.deepEqual(stage.rewrittenLinks, [{ path: 'absolute', target: 'docs/a.md' }]);
  assert.equal(readlinkSync(join(stage.lower, 'manual')), 'docs');
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
});

test('pipes, sockets and unusual modes are not copied as such', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { tool: 'x' });
  execFileSync('mkfifo', [join(source, 'pipe')]);
  const server = createServer().listen(join(source, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  chmodSync(join(source, 'tool'), 0o6755);
  const stage = await stageOf(scratch, source);
  server.close();
  assert.deepEqual(
    stage.refused.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: 'pipe', kind: 'pipe' },
      { path: 'socket', kind: 'socket' },
    ],
  );
  assert.equal(lstatSync(join(stage.lower, 'tool')).mode & 0o7777, 0o755);
});

test('a linked worktree is staged with the refs and objects of its repository', async () => {
  using scratch = new Scratch();
  const main = makeRepository(scratch.directory('main'), { a: '1' });
  const worktree = join(scratch.path, 'linked');
  git(main, 'worktree', 'add', '-q', '-b', 'side', worktree);
  writeFiles(worktree, { b: '2' });
  commit(worktree, 'side');
  const stage = await stageOf(scratch, worktree, { base: 'main' });
  assert.equal(stage.repository?.branch, 'refs/heads/side');
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
  assert.equal(git(stage.lower, 'diff', '--name-only', 'main'), 'b');
});

test('a git file that points to a repository which does not point back is refused', async () => {
  using scratch = new Scratch();
  const private_ = makeRepository(scratch.directory('private'), { secret: 'of somebody else' });
  const source = scratch.directory('source');
  writeFileSync(join(source, '.git'), `gitdir: ${join(private_, '.git')}\n`);
  await assert.rejects(stageOf(scratch, source), codeOf('SP1304'));
  const link = scratch.directory('link');
  symlinkSync(join(private_, '.git'), join(link, '.git'));
  await assert.rejects(stageOf(scratch, link), codeOf('SP1304'));
});

test('a submodule is staged as files; its own git state stays behind and git status stays clean', async () => {
  using scratch = new Scratch();
  const library = makeRepository(scratch.directory('library'), { 'lib.c': 'int x;\n' });
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  git(source, 'submodule', '--quiet', 'add', library, 'vendor/lib');
  commit(source, 'submodule');
  const stage = await stageOf(scratch, source);
  assert.equal(readFileSync(join(stage.lower, 'vendor/lib/lib.c'), 'utf8'), 'int x;\n');
  assert.equal(existsSync(join(stage.lower, 'vendor/lib/.git')), false);
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
  const inner = await stageOf(scratch, join(source, 'vendor/lib'));
  assert.equal(inner.repository?.head, git(library, 'rev-parse', 'HEAD'));
});

test('borrowed objects are brought along, so that the stage borrows from nobody', async () => {
  using scratch = new Scratch();
  const origin = makeRepository(scratch.directory('origin'), { a: '1' });
  const source = join(scratch.path, 'borrower');
  git(origin, 'clone', '-q', '--shared', origin, source);
  const stage = await stageOf(scratch, source);
  assert.equal(existsSync(join(stage.lower, '.git/objects/info/alternates')), false);
  assert.equal(git(stage.lower, 'fsck', '--full'), '');
});

test('of a borrowed store only what the repository names comes along, not the objects of its neighbour', async () => {
  using scratch = new Scratch();
  const neighbour = makeRepository(scratch.directory('neighbour'), { secret: 'private words\n' });
  const origin = makeRepository(scratch.directory('origin'), { a: '1' });
  const source = join(scratch.path, 'borrower');
  git(origin, 'clone', '-q', '--shared', origin, source);
  writeFiles(origin, { a: 'later, on a branch that was never fetched' });
  commit(origin, 'later');
  const stores = [origin, neighbour].map((path) => `${join(path, '.git/objects')}\n`);
  writeFiles(source, { '.git/objects/info/alternates': stores.join('') });
  const stage = await stageOf(scratch, source);
  const known = git(stage.lower, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n');
  assert.ok(known.includes(git(source, 'rev-parse', 'HEAD:a')));
  assert.ok(!known.includes(git(neighbour, 'rev-parse', 'HEAD:secret')));
  assert.ok(!known.includes(git(origin, 'rev-parse', 'HEAD:a')));
  assert.equal(git(stage.lower, 'log', '--oneline').split('\n').length, 1);
  assert.equal(git(stage.lower, 'fsck', '--full'), '');
});

test('of a store behind a link only what the repository names comes along', async () => {
  using scratch = new Scratch();
  const neighbour = makeRepository(scratch.directory('neighbour'), { shared: 'public\n' });
  const source = join(scratch.path, 'handed-over');
  git(neighbour, 'clone', '-q', neighbour, source);
  writeFiles(neighbour, { secret: 'private words\n' });
  commit(neighbour, 'later');
  rmSync(join(source, '.git/objects'), { recursive: true });
  symlinkSync(join(neighbour, '.git/objects'), join(source, '.git/objects'));
  const stage = await stageOf(scratch, source);
  const known = git(stage.lower, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n');
  assert.ok(known.includes(git(source, 'rev-parse', 'HEAD:shared')));
  assert.ok(!known.includes(git(neighbour, 'rev-parse', 'HEAD:secret')));
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
  assert.equal(git(stage.lower, 'fsck', '--full'), '');
});

test('a shallow clone that borrows, and a borrower without a commit, are staged', async () => {
  using scratch = new Scratch();
  const origin = makeRepository(scratch.directory('origin'), { a: '1' });
  writeFiles(origin, { a: '2' });
  commit(origin, 'two');
  const shallow = join(scratch.path, 'shallow');
  git(origin, 'clone', '-q', '--depth', '1', `file://${origin}`, shallow);
  const borrower = join(scratch.path, 'borrower');
  git(origin, 'clone', '-q', '--shared', shallow, borrower);
  const unborn = scratch.directory('unborn');
  git(unborn, 'init', '-q', '-b', 'main');
  writeFiles(unborn, { '.git/objects/info/alternates': `${join(origin, '.git/objects')}\n` });
  for (const source of [borrower, unborn]) {
    const stage = await stageOf(scratch, source);
    assert.equal(git(stage.lower, 'status', '--porcelain'), '', source);
    assert.equal(existsSync(join(stage.lower, '.git/objects/info/alternates')), false);
  }
});

test('a shallow clone stays shallow and works', async () => {
  using scratch = new Scratch();
  const origin = makeRepository(scratch.directory('origin'), { a: '1' });
  writeFiles(origin, { a: '2' });
  commit(origin, 'two');
  const source = join(scratch.path, 'shallow');
  git(origin, 'clone', '-q', '--depth', '1', `file://${origin}`, source);
  const stage = await stageOf(scratch, source);
  assert.equal(stage.repository?.shallow, true);
  assert.equal(git(stage.lower, 'log', '--oneline').split('\n').length, 1);
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
});

test('repositories with SHA-256, a split index, a sparse checkout or no commit are staged clean', async () => {
  using scratch = new Scratch();
  const modern = scratch.directory('sha256');
  git(modern, 'init', '-q', '-b', 'main', '--object-format=sha256');
  writeFiles(modern, { a: '1' });
  commit(modern, 'one');
  const split = makeRepository(scratch.directory('split'), { a: '1', b: '2' });
  git(split, 'update-index', '--split-index');
  const sparse = makeRepository(scratch.directory('sparse'), { 'in/a': '1', 'out/b': '2' });
  git(sparse, 'sparse-checkout', 'set', 'in');
  const unborn = scratch.directory('unborn');
  git(unborn, 'init', '-q', '-b', 'main');
  for (const source of [modern, split, sparse, unborn]) {
    const stage = await stageOf(scratch, source);
    assert.equal(git(stage.lower, 'status', '--porcelain'), '', source);
    if (source !== unborn) assert.equal(stage.tree, git(source, 'rev-parse', 'HEAD^{tree}'));
  }
});

test('a dirty checkout is staged as it is: changed, added and deleted files show in git status', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1', b: '2', c: '3' });
  writeFiles(source, { a: 'other', new: 'n' });
  execFileSync('rm', [join(source, 'b')]);
  const stage = await stageOf(scratch, source);
  assert.equal(git(stage.lower, 'status', '--porcelain'), git(source, 'status', '--porcelain'));
});

test('a merge that stopped at a conflict can be seen and finished in the stage', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { f: '1\n', gone: '1\n', other: '1\n' });
  git(source, 'checkout', '-q', '-b', 'theirs');
  writeFiles(source, { f: 'theirs\n', gone: 'theirs\n' });
  const theirs = commit(source, 'theirs');
  git(source, 'checkout', '-q', 'main');
  writeFiles(source, { f: 'ours\n' });
  git(source, 'rm', '-q', 'gone');
  const ours = commit(source, 'ours');
  assert.throws(() => git(source, 'merge', 'theirs'));
  const { lower } = await stageOf(scratch, source);
  for (const question of [
    ['status', '--porcelain'],
    ['ls-files', '-u'],
    ['diff', '--name-only', '--diff-filter=U'],
  ])
    assert.equal(git(lower, ...question), git(source, ...question), question.join(' '));
  writeFiles(lower, { f: 'both\n' });
  git(lower, 'add', '-A');
  git(lower, 'commit', '-q', '--no-edit');
  assert.equal(git(lower, 'log', '-1', '--format=%P %s'), `${ours} ${theirs} Merge branch 'theirs'`);
});

test('a merge head that names no commit of the repository, or no commit at all, stays behind', async () => {
  using scratch = new Scratch();
  for (const content of [`${'a'.repeat(40)}\n`, 'ref: refs/heads/main\n', `${'../'.repeat(4)}etc/passwd\n`, '']) {
    const source = makeRepository(scratch.directory('source'), { f: '1\n' });
    writeFiles(join(source, '.git'), { MERGE_HEAD: content, MERGE_MSG: 'merge\n' });
    const { lower } = await stageOf(scratch, source);
    assert.ok(!existsSync(join(lower, '.git/MERGE_HEAD')) && !existsSync(join(lower, '.git/MERGE_MSG')), content);
  }
});

test('a plain directory is staged without git', async () => {
  using scratch = new Scratch();
  const source = scratch.directory('plain');
  writeFiles(source, { 'a/b': '1', '.claude/settings.json': '{}' });
  const stage = await stageOf(scratch, source);
  assert.equal(stage.repository, undefined);
  assert.equal(existsSync(join(stage.lower, '.git')), false);
  assert.equal(readFileSync(join(stage.lower, 'a/b'), 'utf8'), '1');
  assert.equal(existsSync(join(stage.lower, '.claude')), false);
});

test('limits end the staging with a clear error', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'a/b/c/d': '1234567890', e: '1' });
  const generous = { files: 100, bytes: 100, depth: 10 };
  await stageOf(scratch, source, { limits: generous });
  for (const limit of [{ files: 2 }, { bytes: 5 }, { depth: 2 }]) {
    await assert.rejects(stageOf(scratch, source, { limits: { ...generous, ...limit } }), codeOf('SP1303'));
  }
});

test('a missing source, a file as source and a used destination are refused', async () => {
  using scratch = new Scratch();
  await assert.rejects(stageOf(scratch, join(scratch.path, 'nowhere')), codeOf('SP1301'));
  writeFileSync(join(scratch.path, 'file'), '');
  await assert.rejects(stageOf(scratch, join(scratch.path, 'file')), codeOf('SP1301'));
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  await assert.rejects(stageOf(scratch, source, { destination: source }), codeOf('SP1301'));
});

test('names with any bytes survive', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1' });
  const names = ['-rf', 'a\nb', 'x\x1b]0;p\x07y', '$(touch z)', '"quoted"', 'back\\slash', ' lead', 'trail '].map(
    (name) => Buffer.from(name),
  );
  for (const name of [...names, Buffer.from([0x66, 0xff, 0xfe])])
    writeFileSync(Buffer.concat([Buffer.from(`${source}/`), name]), 'n');
  commit(source, 'names');
  const stage = await stageOf(scratch, source);
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
  assert.equal(stage.tree, git(source, 'rev-parse', 'HEAD^{tree}'));
  mkdirSync(join(scratch.path, 'unused'));
});

test('staged files belong to whoever runs the agent; objects keep the owner of the checkout', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'src/a': '1', 'run.sh': 'x' });
  symlinkSync('src/a', join(source, 'link'));
  commit(source, 'link');
  const [own, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const owner = own === 0 ? { uid: 65534, gid: 65534 } : { uid: own, gid: group };
  const stage = await stageOf(scratch, source, { owner });
  for (const path of ['src', 'src/a', 'run.sh', 'link', '.git', '.git/HEAD', '.git/index', '.git/objects']) {
    assert.equal(lstatSync(join(stage.lower, path)).uid, owner.uid, path);
  }
  const objects = execFileSync('find', [join(source, '.git/objects'), '-type', 'f'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const object of objects) assert.equal(statSync(object).uid, own, object);
});
