import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INNER_DESCRIPTORS, innerArguments, outerArguments } from '../../src/sandbox/arguments.ts';
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
    '/sys',
    '/sys/fs',
    '/usr',
    '/var/run',
    '/var/run/docker.sock',
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
  for (const runId of ['../x', '', '.x', 'x/y', 'x\n', 'x'.repeat(65)])
    assert.throws(() => plan({ runId }), { code: 'SP1201' }, JSON.stringify(runId));
  for (const lower of ['lower', '/tmp/run-1/../lower', '/tmp/run-1/lower\0'])
    assert.throws(() => plan({ lower }), { code: 'SP1201' }, JSON.stringify(lower));
});

test('what would end early, or be an option or a place of its own, for bubblewrap is refused', () => {
  const file = (path: string) => ({ files: [{ path, content: '', mode: 0o644, writable: true }] });
  for (const override of [
    { environment: { A: 'x\0--bind' } },
    { environment: { 'A\0': 'x' } },
    { environment: { 'A B': 'x' } },
    { environment: { '1A': 'x' } },
    { command: ['/usr/bin/agent', 'x\0y'] as const },
    file('relative'),
    file('/home/agent/../../etc/passwd'),
  ])
    assert.throws(() => plan(override), { code: 'SP1201' }, JSON.stringify(override));
  const names = { _: '1', A1_b: 'a\nb = "c"' };
  assert.deepEqual(plan({ environment: names }).environment, { ...names, PWD: '/home/u1/repository' });
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

test('the outer sandbox is made of exactly this', () => {
  const words = `--unshare-user --unshare-net --unshare-pid --unshare-ipc --unshare-uts
    --die-with-parent --new-session --clearenv
    --cap-add CAP_NET_BIND_SERVICE --cap-add CAP_SYS_ADMIN --cap-add CAP_DAC_OVERRIDE
    --dev-bind / / --proc /proc --setenv PATH /usr/bin:/bin:/usr/sbin:/sbin --chdir /tmp/run-1`;
  assert.deepEqual(outerArguments('/tmp/run-1'), words.split(/\s+/));
});

test('the inner sandbox is made of exactly this', () => {
  const words = `--unshare-user --disable-userns --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try
    --die-with-parent --new-session --clearenv --cap-drop ALL --hostname sandbox --uid 1000 --gid 1000
    --ro-bind /usr /usr --perms 0444 --ro-bind-data 7 /usr/local/etc/npmrc --symlink usr/bin /bin
    --dir /var --symlink /tmp /var/tmp --dir /etc`;
  const last = `--proc /proc --ro-bind /dev/null /proc/keys --ro-bind /proc/sys /proc/sys --dev /dev
    --bind /o/scratch-0 /tmp --bind /o/scratch-1 /home/agent --bind /o/scratch-2 /dev/shm --bind /o/scratch-3 /run
    --bind /m /home/u1/repository --remount-ro /dev --remount-ro / --chdir /home/u1/repository
    --setenv A secret-looking --setenv PWD /home/u1/repository --seccomp 4`;
  const { options, directories } = innerArguments(plan(), FACTS, PLACES);
  const [head, tail] = [words.split(/\s+/), last.split(/\s+/)];
  assert.deepEqual(options.slice(0, head.length), head);
  assert.deepEqual(options.slice(-tail.length), tail);
  const etc = options.slice(head.length, -tail.length).join(' ');
  // Of the host's own, read-only, or made by us; and nothing that is not below `/etc`.
  const pieces = etc.split(/(?= --(?:ro-bind-try|perms|symlink) )/).map((piece) => piece.trim());
  for (const piece of pieces)
    assert.match(
      piece,
      /^(?:--ro-bind-try (\/etc\/\S+) \1|--perms 0444 --file \d+ \/etc\/\S+|--symlink \/proc\/self\/mounts \/etc\/mtab)$/,
    );
  const made = pieces.flatMap((piece) => /--file \d+ (\S+)/.exec(piece)?.[1] ?? []).toSorted();
  assert.deepEqual(made, [
    ...['/etc/group', '/etc/hostname', '/etc/hosts', '/etc/machine-id', '/etc/nsswitch.conf', '/etc/passwd'],
    '/etc/resolv.conf',
  ]);
  for (const secret of ['shadow', 'sudoers', 'ssh/', 'environment', 'profile', 'gitconfig', 'npmrc', 'pip.conf'])
    assert.ok(!etc.includes(`/etc/${secret}`), secret);
  assert.deepEqual(directories, [
    { name: 'scratch-0', mode: 0o1777 },
    { name: 'scratch-1', mode: 0o755 },
    { name: 'scratch-2', mode: 0o1777 },
    { name: 'scratch-3', mode: 0o755 },
  ]);
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
