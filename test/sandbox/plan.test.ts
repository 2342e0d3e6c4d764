import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INNER_DESCRIPTORS, innerArguments } from '../../src/sandbox/arguments.ts';
import type { HostFacts } from '../../src/sandbox/host-facts.ts';
import { planSandbox, type SandboxPlan } from '../../src/sandbox/index.ts';

const FACTS: HostFacts = {
  architecture: 'x64',
  systemDirectories: [{ path: '/bin', link: 'usr/bin' }],
  procEntries: ['keys'],
  programEtc: ['/etc/java-17-openjdk'],
  loginFiles: ['/usr/local/etc/npmrc'],
};
const LIMITS = {
  processes: 1,
  memoryMiB: 1,
  diskMiB: 64,
  inodes: 1,
  openFiles: 1,
  outputMiB: 1,
  seconds: 1,
  patchFiles: 1,
  patchMiB: 1,
};

const PLACES = { merged: '/m', own: '/o' };

/** Where the home of every agent is, inside. */
const HOME_INSIDE = '/home/agent';

function plan(overrides: Partial<SandboxPlan> = {}): SandboxPlan {
  return planSandbox({
    ...{ runId: 'r1', runDirectory: '/tmp/run-1', lower: '/tmp/run-1/lower', workspace: '/home/u1/repository' },
    ...{
      readOnly: [],
      files: [],
      environment: { A: 'secret-looking' },
      command: ['/usr/bin/agent', 'x'],
      limits: LIMITS,
    },
    ...{
      identity: undefined,
      broker: { socket: '/tmp/run-1/s', nonce: 'n' },
      brokerPort: 8040,
      names: [],
      ports: [],
      plainPorts: [],
    },
    ...overrides,
  });
}

const readOnly = (path: string) => ({ source: path, target: path, optional: false });

test('a plan that would replace a part of the view, or show the run directory, is refused', () => {
  for (const path of [
    '/',
    '/etc',
    '/proc',
    '/proc/1',
    '/dev/x',
    '/run',
    '/run/docker.sock',
    '/sys/fs',
    'relative',
    '/a/../b',
    '/a/',
  ]) {
    assert.throws(() => plan({ workspace: path }), { code: 'SP1201' }, path);
  }
  for (const path of ['/tmp', '/tmp/run-1', '/run/user'])
    assert.throws(() => plan({ readOnly: [readOnly(path)] }), { code: 'SP1201' }, path);
  assert.throws(() => plan({ environment: { 'A=B': 'x' } }), { code: 'SP1201' });
  assert.throws(() => plan({ command: ['agent'] }), { code: 'SP1201' });
  assert.throws(() => plan({ runId: '../x' }), { code: 'SP1201' });
});

test('workspaces and installations in ordinary places are accepted', () => {
  for (const workspace of ['/tmp/work', '/home/u1/r', '/root/r', '/builds/group/project', '/opt/app']) {
    assert.equal(plan({ workspace }).environment['PWD'], workspace);
  }
  assert.equal(
    plan({ readOnly: [readOnly('/opt/x'), readOnly('/opt/x'), readOnly('/usr/lib/node')] }).readOnly.length,
    1,
  );
});

test('outer mounts come before inner ones, and the root is closed after everything', () => {
  const { options } = innerArguments(
    plan({ readOnly: [readOnly('/home/u1/repository/node_modules'), readOnly('/home')] }),
    FACTS,
    PLACES,
  );
  const at = (path: string): number => options.indexOf(path);
  assert.ok(at('/home') < at('/home/u1/repository'));
  assert.ok(at('/home/u1/repository') < at('/home/u1/repository/node_modules'));
  assert.ok(options.indexOf('--remount-ro') > at('/home/u1/repository/node_modules'));
});

test('every isolation the sandbox promises is asked for by name', () => {
  const { options } = innerArguments(plan(), FACTS, PLACES);
  for (const option of [
    '--unshare-user',
    '--disable-userns',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    '--seccomp',
  ]) {
    assert.ok(options.includes(option), option);
  }
});

test('a read-only file in the home pins the directories above it', () => {
  const settings = `${HOME_INSIDE}/.claude`;
  const file = { path: `${settings}/settings.json`, content: '{}', mode: 0o444, writable: false };
  const { options, files } = innerArguments(plan({ files: [file] }), FACTS, PLACES);
  assert.deepEqual(options.slice(options.indexOf(settings) - 2, options.indexOf(settings)), ['--bind', '/o/pinned-0']);
  assert.equal(options[options.indexOf(file.path) - 2], '--ro-bind-data');
  assert.equal(files.at(-1)?.content, '{}');
});

test('logins below `/usr` are covered after it is shown', () => {
  const { options, files } = innerArguments(plan(), FACTS, PLACES);
  const shown = options.indexOf('/usr');
  const covered = options.indexOf('/usr/local/etc/npmrc');
  assert.equal(options[covered - 2], '--ro-bind-data');
  assert.deepEqual(files[Number(options[covered - 1]) - INNER_DESCRIPTORS.firstFile], { content: '' });
  assert.ok(shown >= 0 && shown < covered);
});
