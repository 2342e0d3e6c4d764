/** What is told of an error that nobody expected: what came first, in words, with what to do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toKnownError } from '../../src/commands/known-error.ts';
import { SallyportError } from '../../src/errors/index.ts';
import { git, makeRepository } from '../workspace/checkout.ts';

const told = (error: unknown) => {
  const { code, message } = toKnownError(error);
  return `${code} ${message}`;
};

/** The error of a block whose resources could not be taken down either. */
function failing(first: Error): unknown {
  try {
    using _one = { [Symbol.dispose]: () => assert.fail('the first that could not be taken down') };
    using _other = { [Symbol.dispose]: () => assert.fail('the second that could not be taken down') };
    throw first;
  } catch (error) {
    return error;
  }
}

test('where taking down failed as well, the failure that came first is told', () => {
  const refused = new SallyportError('SP1202', 'bubblewrap cannot be started');
  assert.equal(told(failing(refused)), 'SP1202 bubblewrap cannot be started');
  assert.equal(told(failing(new TypeError('a fault of ours'))), 'SP1002 a fault of ours');
  const full = Object.assign(new Error(), { code: 'EMFILE', syscall: 'spawn', path: '/usr/bin/true' });
  assert.match(told(failing(full)), /^SP1004 \/usr\/bin\/true: too many files are open; raise the limit/);
});

test('what is no error at all has a code, too', () => assert.equal(told('a word'), 'SP1002 a word'));

test('a run with too few descriptors says that they are too few, or what could not be started, and starts nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-descriptors-'));
  try {
    makeRepository(folder, { a: '1\n' });
    const program = join(import.meta.dirname, '../../bin/sallyport');
    for (const limit of [26, 28, 30]) {
      const run = `ulimit -n ${limit}; exec "$0" run --out "$1" -- sh -c 'echo started'`;
      const out = join(folder, `out-${limit}`);
      const { stdout, stderr, status } = spawnSync('bash', ['-c', run, program, out], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.notEqual(status, 0);
      assert.doesNotMatch(`${stdout}${stderr}`, /started\n|suppressed|SP1002/, `${limit}`);
    }
    assert.match(git(folder, 'log', '--format=%s'), /one/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
