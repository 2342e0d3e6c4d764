import assert from 'node:assert/strict';
import { test } from 'node:test';
import { innerPath } from '../../src/run/inner-path.ts';

const everything = (): boolean => true;
const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/bin';

test('system directories stay in the person’s order, and all of them are there', () => {
  const { path, mounts, invisible } = innerPath('/usr/bin:/usr/local/bin', [], () => false);
  assert.equal(path, '/usr/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/bin');
  assert.deepEqual([mounts, invisible], [[], []]);
});

test('what is not visible inside is left out and named, if it exists', () => {
  const exists = (path: unknown): boolean => path === '/srv/runner/bin';
  const { path, invisible } = innerPath('/srv/runner/bin:/srv/runner/gone:/usr/bin', [], exists);
  assert.ok(!path.includes('/home'));
  assert.deepEqual(invisible, ['/srv/runner/bin']);
});

test('a granted mount and a tool root of the runner are visible; only the tool root must be mounted for it', () => {
  const node = '/opt/hostedtoolcache/node/24/x64/bin';
  const { path, mounts } = innerPath(`${node}:/srv/tools/bin`, ['/srv/tools'], everything);
  assert.equal(path, `${node}:/srv/tools/bin:${SYSTEM}`);
  assert.deepEqual(mounts, ['/opt/hostedtoolcache']);
});

test('a directory is not visible because its name begins like a visible one', () => {
  const { path } = innerPath('/usrlocal/bin:/srv/tools2/bin:/opt/hostedtoolcache-x/bin', ['/srv/tools'], everything);
  assert.equal(path, SYSTEM);
});

test('relative and empty entries, which mean the current directory, are dropped', () => {
  const { path, invisible } = innerPath(':.:bin:node_modules/.bin', [], everything);
  assert.deepEqual([path, invisible], [SYSTEM, []]);
});
