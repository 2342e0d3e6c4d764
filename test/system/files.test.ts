import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import {
  errorCode,
  findExecutable,
  readFileNoFollow,
  readFileWithin,
  removeTree,
  run,
  writeFileExclusive,
} from '../../src/system/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-system-'));
after(() => removeTree(directory));

test('a tree with locked directories, odd names and thousands of levels is removed', async () => {
  const tree = join(directory, 'tree');
  mkdirSync(join(tree, 'locked/inner'), { recursive: true });
  writeFileSync(join(tree, '-rf\n"$(x)"'), '');
  const deep = 'import os\nfor i in range(3000): os.mkdir("d"); os.chdir("d")';
  execFileSync('/usr/bin/python3', ['-c', deep], { cwd: tree });
  for (const name of ['locked/inner', 'locked']) chmodSync(join(tree, name), 0);
  await removeTree(tree);
  assert.equal(existsSync(tree), false);
});

test('removing a tree removes links and not what they point at', async () => {
  const tree = join(directory, 'links');
  const outside = join(directory, 'outside');
  mkdirSync(tree);
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), 'kept');
  symlinkSync(outside, join(tree, 'link'));
  await removeTree(tree);
  assert.equal(existsSync(join(outside, 'kept')), true);
  symlinkSync(outside, tree);
  await removeTree(tree);
  assert.equal(existsSync(join(outside, 'kept')), true);
});

test('removing a tree leaves alone what is mounted in it', (context) => {
  const tree = join(directory, 'mounted');
  mkdirSync(join(tree, 'inner'), { recursive: true });
  const entry = resolve(import.meta.dirname, '../../src/system/index.ts');
  const remove = `import(process.argv[1]).then(({ removeTree }) => removeTree(process.argv[2])).catch(() => process.exit(9))`;
  const script = [
    'mount -t tmpfs none "$1/inner" || exit 77',
    'echo kept > "$1/inner/file"',
    '"$2" -e "$3" "$4" "$1"; code=$?',
    'cat "$1/inner/file"; exit $code',
  ].join('\n');
  const own = ['-m', ...(process.getuid?.() === 0 ? [] : ['-U', '-r'])];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...own, 'sh', '-c', script, 'sh', tree, process.execPath, remove, entry],
    { encoding: 'utf8' },
  );
  if (status === 77 || status === null || /unshare failed/.test(stderr)) return context.skip('nothing can be mounted');
  assert.equal(stdout, 'kept\n');
  // What is still there is not passed over.
  assert.equal(status, 9);
});

test('removing what is not there is no error', () => removeTree(join(directory, 'absent')));

test('a regular file is read; a link, a pipe, a directory and too much are not', async () => {
  const file = join(directory, 'file');
  await writeFileExclusive(file, 'content');
  assert.equal((await readFileNoFollow(file)).toString(), 'content');
  symlinkSync(file, join(directory, 'symlink'));
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  await assert.rejects(readFileNoFollow(join(directory, 'symlink')), { code: 'ELOOP' });
  for (const name of ['pipe', '.']) await assert.rejects(readFileNoFollow(join(directory, name)), /not a regular file/);
  await assert.rejects(readFileNoFollow(file, 3), /larger than 3 bytes/);
  assert.match((await readFileNoFollow('/proc/self/status')).toString(), /^Name:/);
});

test('a file that exists, or a link in its place, is not written', async () => {
  const target = join(directory, 'target');
  symlinkSync(target, join(directory, 'trap'));
  await assert.rejects(writeFileExclusive(join(directory, 'trap'), 'x'), { code: 'EEXIST' });
  assert.equal(existsSync(target), false);
});

test('a program is found on absolute entries of the search path only', () => {
  assert.match(findExecutable('sh', '/nonexistent:/usr/bin:/bin') ?? '', /^\/.*\/sh$/);
  assert.equal(findExecutable('sh', '.:bin'), undefined);
  assert.equal(findExecutable('/etc/passwd', '/bin'), undefined);
});

test('a child gets the given environment, input and limits', async () => {
  const options = { environment: { A: 'b' }, input: 'in' };
  const result = await run('/bin/sh', ['-c', 'cat; echo " $A"; env | wc -l; exit 3'], options);
  assert.equal(result.code, 3);
  assert.match(result.stdout.toString(), /^in b\n/);
  assert.equal((await run('/bin/sleep', ['60'], { timeout: 50 })).killed, 'timeout');
  assert.equal((await run('/usr/bin/yes', [], { maxOutput: 1000 })).killed, 'output');
  await assert.rejects(run('/no/such/program', []), { code: 'ENOENT' });
});

test('descriptors left open by the caller are closed before a child can inherit them', () => {
  const source = join(import.meta.dirname, '../../src/system/index.ts');
  const program = `import { closeInheritedDescriptors } from '${source}'; console.log(JSON.stringify(closeInheritedDescriptors([137])));`;
  const script = 'exec 9</etc/passwd 137</etc/passwd 138</etc/passwd; exec "$0" --input-type=module -e "$1"';
  const result = spawnSync('/bin/bash', ['-c', script, process.execPath, program], { encoding: 'utf8' });
  const closed: unknown = JSON.parse(result.stdout);
  assert.ok(Array.isArray(closed) && closed.includes(138) && !closed.includes(137), result.stdout);
});

test('a file that a person names is read through a link, up to a limit that even a device without end meets', () => {
  const file = join(directory, 'named');
  const link = join(directory, 'link-to-named');
  writeFileSync(file, 'x'.repeat(100_000));
  symlinkSync(file, link);
  assert.equal(readFileWithin(link).length, 100_000);
  assert.equal(readFileWithin(file, 100_000).length, 100_000);
  for (const path of [file, '/dev/zero'])
    assert.throws(
      () => readFileWithin(path, 99_999),
      (error) => errorCode(error) === 'EFBIG',
    );
  assert.throws(
    () => readFileWithin(directory),
    (error) => errorCode(error) === 'EISDIR',
  );
});
