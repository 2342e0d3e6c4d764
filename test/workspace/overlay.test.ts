import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { collectChange } from '../../src/workspace/index.ts';
import { git, makeRepository, Scratch, stageOf } from './checkout.ts';

/**
 * The real shape of a run: an overlay inside a user namespace, the agent's commands on the merged tree, and the change
 * collected from it before the namespace ends.
 */
test('the change is taken from an overlay: copy-ups, whiteouts, renamed directories and modes, nothing else', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), {
    'src/a.js': '1\n',
    'src/b.js': '2\n',
    'keep/c': '3\n',
    gone: 'x\n',
    mode: 'm\n',
  });
  const stage = await stageOf(scratch, source);
  const output = scratch.directory('output');
  const program = join(import.meta.dirname, 'overlay-program.ts');
  const top = join(scratch.path, 'top');
  mkdirSync(top);
  const script = `set -e
mount -t tmpfs tmpfs "$TOP"
mkdir "$TOP/upper" "$TOP/work" "$TOP/merged"
mount -t overlay overlay -o "userxattr,lowerdir=$LOWER,upperdir=$TOP/upper,workdir=$TOP/work" "$TOP/merged"
cd "$TOP/merged"
echo changed > src/a.js; rm gone; mv keep kept; chmod +x mode; touch src/b.js; git add -A; git commit -qm x
exec "$NODE" "$PROGRAM" "$TOP/merged" "$LOWER" "$BASELINE" "$OUTPUT"`;
  const environment = {
    PATH: process.env['PATH'],
    TOP: top,
    LOWER: stage.lower,
    BASELINE: stage.baseline,
    OUTPUT: output,
    NODE: process.execPath,
    PROGRAM: program,
  };
  const answer = execFileSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8', env: environment });
  const change: Awaited<ReturnType<typeof collectChange>> = JSON.parse(answer);
  assert.deepEqual(
    change.files.map(({ path, status }) => [path, status]),
    [
      ['gone', 'deleted'],
      ['kept/c', 'renamed'],
      ['mode', 'mode'],
      ['src/a.js', 'modified'],
    ],
  );
  const clone = join(scratch.path, 'clone');
  git(source, 'clone', '-q', source, clone);
  git(clone, 'apply', '--index', change.patchFile);
  assert.equal(git(clone, 'write-tree'), change.head.tree);
});
