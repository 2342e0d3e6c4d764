/**
 * A self-test that looks away is worse than none. Here is what a sandbox that holds answers to each row of the probe,
 * written apart from the rows themselves; then each answer in turn is the one of a sandbox with a hole.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedMounts } from '../../src/sandbox/expected-mounts.ts';
import type { HostFacts } from '../../src/sandbox/host-facts.ts';
import { planSandbox, type SandboxPlan } from '../../src/sandbox/plan.ts';
import { readRows } from '../../src/sandbox/probe/observations.ts';
import type { Answer } from '../../src/sandbox/probe/program.ts';
import { judgeProof, probeChecks } from '../../src/sandbox/proof.ts';
import { ERRNO, type ErrnoName } from '../../src/sandbox/seccomp/syscalls.ts';
import { failures } from './harness.ts';

/** What refuses each attack: every one that is tried, and no other. */
const REFUSALS: { readonly [error in ErrnoName]?: string } = {
  ECONNREFUSED: 'host.tcp-listener host.abstract-listener',
  ENETUNREACH: `route.public route.metadata route.private-10 route.private-172 route.private-192 route.link-local
    route.public-ipv6`,
  EAFNOSUPPORT: 'socket.packet socket.vsock socket.kernel-crypto socket.netlink-netfilter socket.netlink-generic',
  EPROTONOSUPPORT: 'socket.mptcp socket.sctp socket.udplite',
  ENOENT: `host.path-listener read.outside read.outside-by-init read.outside-by-self read.outside-by-cwd
    read.run-directory read.kernel-memory read.kernel-log read.block-devices process.environment process.memory-file`,
  EROFS: `create.system create.configuration create.root write.accounts write.core-pattern write.object-limits
    write.queue-limits write.sysrq write.sysfs`,
  ESRCH: 'process.signal',
  ENOSYS: 'call.clone3',
  EPERM: `socket.raw device.create process.trace process.memory call.mount call.umount2 call.pivot_root call.chroot
    call.unshare call.setns call.move_mount call.fsopen call.clone call.bpf call.io_uring_setup call.keyctl call.add_key
    call.request_key call.perf_event_open call.userfaultfd call.memfd_create call.open_by_handle_at
    call.name_to_handle_at call.init_module call.syslog call.sethostname terminal.input identity.root identity.groups`,
};
const KILLED = ['convention.x32', 'convention.i386'];
const SIGSYS = 31;

const PLAN: SandboxPlan = planSandbox({
  ...{ runId: 'run', runDirectory: '/var/tmp/run', lower: '/var/tmp/run/lower', identity: undefined },
  ...{ names: [], ports: [], plainPorts: [], workspace: '/builds/project', environment: { HOME: '/home/agent' } },
  readOnly: ['/opt/tools', '/opt/my tools'].map((path) => ({ source: path, target: path, optional: false })),
  files: [{ path: '/home/agent/.config/login', content: '', mode: 0o400, writable: false }],
  command: ['/bin/true'],
  limits: {
    ...{ processes: 1, memoryMiB: 1, diskMiB: 1, inodes: 1, openFiles: 1, outputMiB: 1, seconds: 1 },
    ...{ patchFiles: 1, patchMiB: 1 },
  },
  broker: { socket: '/var/tmp/run/broker.sock', nonce: 'n' },
  brokerPort: 8040,
});
const FACTS: HostFacts = {
  architecture: 'x64',
  systemDirectories: [
    { path: '/bin', link: 'usr/bin' },
    { path: '/lib', link: undefined },
  ],
  procEntries: ['kcore'],
  programEtc: ['/etc/java'],
  loginFiles: ['/usr/etc/npmrc'],
};
const CONTEXT = {
  architecture: FACTS.architecture,
  canaries: {
    ...{ tcpPort: 1, abstractName: '\0x', socketPath: '/x/socket', filePath: '/x/file', runDirectory: '/x' },
    supervisorPid: 4711,
  },
  ...{ workspace: PLAN.workspace, brokerPort: PLAN.brokerPort, environmentBytes: 64 },
};
const VIEW = {
  ...{ environment: PLAN.environment, hostname: 'sandbox', mounts: expectedMounts(PLAN, FACTS, 'layered') },
  ...{ descriptors: [0, 1, 2, 5, 6], streams: ['pipe:[1]', 'pipe:[2]', 'pipe:[3]'], hostPaths: [PLAN.runDirectory] },
};

const STATUS = {
  ...{ CapInh: '0000000000000000', CapPrm: '0000000000000000', CapEff: '0000000000000000' },
  ...{ CapAmb: '0000000000000000', NoNewPrivs: '1', Seccomp: '2', TracerPid: '0' },
};
const ENVIRONMENT = ['HOME=/home/agent', 'PWD=/builds/project'];

/** Mount point, options, kind, and what of that file system is mounted: as bubblewrap makes them of the plan. */
const MOUNTS: readonly (readonly [string, 'ro' | 'rw', string, string])[] = [
  ['/', 'ro', 'tmpfs', '/newroot'],
  ['/usr', 'ro', 'ext4', '/usr'],
  ['/lib', 'ro', 'ext4', '/lib'],
  ['/usr/etc/npmrc', 'ro', 'tmpfs', '/bindfile'],
  ['/etc/java', 'ro', 'ext4', '/etc/java'],
  ['/etc/ssl/certs', 'ro', 'ext4', '/etc/ssl/certs'],
  ['/proc', 'rw', 'proc', '/'],
  ['/proc/kcore', 'ro', 'devtmpfs', '/null'],
  ['/proc/sys', 'ro', 'proc', '/sys'],
  ['/dev', 'ro', 'tmpfs', '/'],
  ['/dev/null', 'rw', 'devtmpfs', '/null'],
  ['/dev/pts', 'rw', 'devpts', '/'],
  ['/tmp', 'rw', 'tmpfs', '/scratch-0'],
  ['/home/agent', 'rw', 'tmpfs', '/scratch-1'],
  ['/dev/shm', 'rw', 'tmpfs', '/scratch-2'],
  ['/run', 'rw', 'tmpfs', '/scratch-3'],
  ['/opt/tools', 'ro', 'ext4', '/opt/tools'],
  ['/opt/my\\040tools', 'ro', 'ext4', '/opt/my\\040tools'],
  // The host has it mounted there.
  ['/opt/tools/more\\040tools', 'ro', 'ext4', '/'],
  ['/builds/project', 'rw', 'overlay', '/'],
  ['/home/agent/.config', 'rw', 'tmpfs', '/pinned-0'],
  ['/home/agent/.config/login', 'ro', 'tmpfs', '/bindfile'],
];
type Mounts = typeof MOUNTS;

const mountTable = (mounts: Mounts): string =>
  mounts.map(([path, mode, type, root]) => `1 2 0:3 ${root} ${path} ${mode},nosuid - ${type} source rw\n`).join('');
const statusOf = (status: object): string =>
  Object.entries(status)
    .map(([name, value]) => `${name}:\t${value}\n`)
    .join('');
const zeroEnded = (entries: readonly string[]): string => entries.map((entry) => `${entry}\0`).join('');
const INTERFACES = 'Inter-|   Receive\n face |bytes\n    lo: 0 0\n';

/** Entries as getdents64(2) returns them. */
function directoryOf(names: readonly string[]): Buffer {
  const records = ['.', '..', ...names].map((name) => {
    const record = Buffer.alloc(19 + name.length + 1);
    record.writeUInt16LE(record.length, 16);
    record.write(name, 19);
    return record;
  });
  return Buffer.concat(records);
}

/** What the probe read of a file or a directory, with the empty read that shows that this is all. */
function readAs(name: string, content: string | Buffer): [string, Answer][] {
  const bytes = Buffer.from(content);
  const [first = '', ...rest] = readRows(name);
  return [
    [first, { result: bytes.length, bytes }],
    ...rest.map((row): [string, Answer] => [row, { result: 0, bytes: Buffer.alloc(0) }]),
  ];
}

const result = (value: number): Answer => ({ result: value, bytes: Buffer.alloc(0) });
const link = (text: string): Answer => ({ result: text.length, bytes: Buffer.from(text) });
const REFUSED = Object.entries(REFUSALS).flatMap(([error, names]) =>
  names.split(/\s+/).map((name): [string, Answer] => [name, result(-ERRNO[error as ErrnoName])]),
);
const CHECKS = probeChecks(CONTEXT);
const WORKS = CHECKS.filter(({ expect }) => expect.kind === 'works').map(({ call }) => call.name);

/** A whole report of a sandbox that holds; a later answer takes the place of an earlier one. */
function reportOf(...others: readonly (readonly [string, Answer])[]): ReadonlyMap<string, Answer> {
  return new Map([
    ...CHECKS.map(({ call }): [string, Answer] => [call.name, result(0)]),
    ...WORKS.map((name): [string, Answer] => [name, result(9)]),
    ...REFUSED,
    ...KILLED.map((name): [string, Answer] => [name, result(SIGSYS)]),
    ...readAs('status', statusOf(STATUS)),
    ...readAs('environment', zeroEnded(ENVIRONMENT)),
    ...readAs('init-command', zeroEnded(['bwrap', '--args', '3'])),
    ...readAs('hostname', 'sandbox\n'),
    ...readAs('interfaces', INTERFACES),
    ...readAs('mounts', mountTable(MOUNTS)),
    ...readAs('processes', directoryOf(['1', '2', 'self', 'meminfo'])),
    ...readAs('devices', directoryOf(['null', 'zero', 'shm', 'pts'])),
    ...readAs('descriptors', directoryOf(['0', '1', '2', '5', '6', '9'])),
    ...[0, 1, 2].map((number): [string, Answer] => [`descriptor.${number}`, link(`pipe:[${number + 1}]`)]),
    ...others,
  ]);
}

const failedOf = (answers: ReadonlyMap<string, Answer>, touched: readonly string[] = []): readonly string[] => {
  const proof = judgeProof(CHECKS, answers, VIEW, new Set(touched), undefined);
  assert.equal(proof.holds, failures(proof).length === 0);
  return failures(proof);
};

test('a sandbox as it was planned holds', () => assert.deepEqual(failedOf(reportOf()), []));

test('every attack of the list is tried', () => {
  const tried = CHECKS.filter(({ expect }) => ['refused', 'killed'].includes(expect.kind)).map(({ call }) => call.name);
  assert.deepEqual(tried.toSorted(), [...REFUSED.map(([name]) => name), ...KILLED].toSorted());
});

test('an attack that succeeds is a hole, and so is one that fails for another reason or was never tried', () => {
  for (const [name] of REFUSED) {
    assert.deepEqual(failedOf(reportOf([name, result(0)])), [name]);
    assert.deepEqual(failedOf(reportOf([name, result(-9)])), [name]);
    const without = new Map([...reportOf()].filter(([row]) => row !== name));
    assert.deepEqual(failedOf(without), [name]);
  }
});

test('a foreign call that survives, or ends by another signal, is a hole', () => {
  for (const name of KILLED) {
    for (const status of [0, 9, -1]) assert.deepEqual(failedOf(reportOf([name, result(status)])), [name]);
  }
});

test('a control that does not work proves nothing', () => {
  assert.ok(WORKS.length > 10);
  for (const name of WORKS) assert.ok(failedOf(reportOf([name, result(-1)])).includes(name), name);
});

test('a canary that was touched is a hole', () => assert.deepEqual(failedOf(reportOf(), ['tcp']), ['host.canaries']));

test('what came of a check is on record in words', () => {
  const toldOf = (name: string, answer: Answer | undefined, touched: readonly string[] = []) => {
    const answers = new Map([...reportOf()].filter(([row]) => row !== name));
    if (answer !== undefined) answers.set(name, answer);
    const { checks } = judgeProof(CHECKS, answers, VIEW, new Set(touched), undefined);
    const { expected, outcome } = checks.find((check) => check.name === name) ?? assert.fail(name);
    return `${expected} / ${outcome}`;
  };
  assert.equal(toldOf('call.mount', result(-1)), 'refused: EPERM / refused: EPERM');
  assert.equal(toldOf('call.mount', result(0)), 'refused: EPERM / succeeded');
  assert.equal(toldOf('call.mount', result(-9)), 'refused: EPERM / refused: error 9');
  assert.equal(toldOf('call.mount', undefined), 'refused: EPERM / did not run');
  assert.equal(toldOf('read.workspace', result(0)), 'works / succeeded');
  assert.equal(toldOf('convention.x32', result(SIGSYS)), 'killed by the filter / killed by signal 31');
  assert.equal(toldOf('convention.x32', result(0)), 'killed by the filter / survived');
  assert.equal(toldOf('convention.x32', result(-38)), 'killed by the filter / refused: ENOSYS');
  assert.equal(toldOf('view.processes', undefined), 'only 1, 2 / only these');
  assert.equal(toldOf('host.canaries', undefined), 'not reached / not reached');
  assert.equal(toldOf('host.canaries', undefined, ['tcp', 'file']), 'not reached / reached: tcp, file');
});

/** Each: what the probe saw, and the check that must notice. */
const SIGHTS: readonly (readonly [string, string, readonly (readonly [string, Answer])[]])[] = [
  ...Object.keys(STATUS).flatMap((field) => {
    const wrong = { ...STATUS, [field]: field.startsWith('Cap') ? '0000000000200000' : '7' };
    const { [field as keyof typeof STATUS]: _, ...missing } = STATUS;
    return [
      [`another ${field}`, `status.${field}`, readAs('status', statusOf(wrong))] as const,
      [`no ${field}`, `status.${field}`, readAs('status', statusOf(missing))] as const,
    ];
  }),
  ['a variable more', 'view.environment', readAs('environment', zeroEnded([...ENVIRONMENT, 'LEAK=1']))],
  ['a variable less', 'view.environment', readAs('environment', zeroEnded(ENVIRONMENT.slice(1)))],
  [
    'a variable that differs',
    'view.environment',
    readAs('environment', zeroEnded(['HOME=/root', 'PWD=/builds/project'])),
  ],
  ['an environment that cannot be read', 'view.environment', [['environment.read-0', result(-13)]]],
  ['an environment cut short', 'view.environment', [['environment.read-1', result(16)]]],
  ["variables of the sandbox's own init", 'view.init-environment', [['init-environment.read-0', link('TOKEN=x\0')]]],
  [
    'a path of the host in the command line of init',
    'view.init-command',
    readAs('init-command', `bwrap\0${PLAN.runDirectory}/a\0`),
  ],
  ['a command line that cannot be read', 'view.init-command', [['init-command.read-0', result(-13)]]],
  ['the name of the host', 'view.hostname', readAs('hostname', 'build-7\n')],
  ['an interface more', 'view.interfaces', readAs('interfaces', `${INTERFACES}  eth0: 0 0\n`)],
  ['no interface', 'view.interfaces', readAs('interfaces', '')],
  ['a process of somebody else', 'view.processes', readAs('processes', directoryOf(['1', '2', '77']))],
  ['processes that cannot be listed', 'view.processes', [['processes.read-0', result(-13)]]],
  ['a list of processes cut short', 'view.processes', [['processes.read-1', result(16)]]],
  ['a disk', 'view.devices', readAs('devices', directoryOf(['null', 'sda']))],
  [
    'an inherited descriptor',
    'view.descriptors',
    readAs('descriptors', directoryOf(['0', '1', '2', '5', '6', '9', '40'])),
  ],
  ...[0, 1, 2].map(
    (number) =>
      [
        `a terminal as stream ${number}`,
        `view.descriptor-${number}`,
        [[`descriptor.${number}`, link('/dev/pts/0')]],
      ] as const,
  ),
];

for (const [title, noticed, answers] of SIGHTS) {
  test(`${title} is noticed`, () => assert.deepEqual(failedOf(reportOf(...answers)), [noticed]));
}

const mountsWith = (path: string, change: (mount: Mounts[number]) => Mounts[number]): Mounts =>
  MOUNTS.map((mount) => (mount[0] === path ? change(mount) : mount));
const ownDirectories = MOUNTS.filter(([, mode, type]) => mode === 'rw' && ['tmpfs', 'overlay', 'proc'].includes(type));

/** Mount tables of which each has one fault. */
const TABLES: readonly (readonly [string, Mounts])[] = [
  ['a mount that nobody planned', [...MOUNTS, ['/srv', 'ro', 'ext4', '/srv']]],
  ['a writable mount that nobody planned', [...MOUNTS, ['/srv', 'rw', 'ext4', '/srv']]],
  ['a mount beside a planned one of a similar name', [...MOUNTS, ['/usr-local', 'ro', 'ext4', '/']]],
  ['a writable mount below a planned one', [...MOUNTS, ['/opt/tools/cache', 'rw', 'ext4', '/']]],
  ['a mount below a writable one', [...MOUNTS, ['/tmp/host', 'ro', 'ext4', '/']]],
  ...MOUNTS.filter(([, mode]) => mode === 'ro').map(
    ([path]) => [`${path} writable`, mountsWith(path, ([, , ...rest]) => [path, 'rw', ...rest])] as const,
  ),
  ...ownDirectories.flatMap(([path]) => [
    [`a directory of the host as ${path}`, mountsWith(path, ([, mode, , root]) => [path, mode, 'ext4', root])] as const,
    [
      `another directory in memory as ${path}`,
      mountsWith(path, ([, mode, type]) => [path, mode, type, '/host']),
    ] as const,
    [`no mount at ${path}`, MOUNTS.filter((mount) => mount[0] !== path)] as const,
  ]),
  ...[
    '/',
    '/usr',
    '/lib',
    '/usr/etc/npmrc',
    '/proc/kcore',
    '/proc/sys',
    '/dev',
    '/opt/tools',
    '/home/agent/.config/login',
  ].map((path) => [`no mount at ${path}, which was planned`, MOUNTS.filter((mount) => mount[0] !== path)] as const),
];

for (const [title, mounts] of TABLES) {
  test(`${title} is noticed in the mount table`, () =>
    assert.deepEqual(failedOf(reportOf(...readAs('mounts', mountTable(mounts)))), ['view.mounts']));
}

test('a workspace that is a copy in memory is that copy and no overlay', () => {
  const view = { ...VIEW, mounts: expectedMounts(PLAN, FACTS, 'copied') };
  const failedOn = (mounts: Mounts): readonly string[] =>
    failures(judgeProof(CHECKS, reportOf(...readAs('mounts', mountTable(mounts))), view, new Set(), undefined));
  assert.deepEqual(failedOn(mountsWith(PLAN.workspace, ([path, mode]) => [path, mode, 'tmpfs', '/merged'])), []);
  assert.deepEqual(failedOn(mountsWith(PLAN.workspace, ([path, mode]) => [path, mode, 'tmpfs', '/upper'])), [
    'view.mounts',
  ]);
  assert.deepEqual(failedOn(MOUNTS), ['view.mounts']);
});

test('a mount table that is cut short is not believed', () => {
  const last = readRows('mounts').at(-1) ?? '';
  assert.deepEqual(failedOf(reportOf([last, result(16)])), ['view.mounts']);
  assert.deepEqual(failedOf(reportOf(['mounts.read-3', result(-5)])), ['view.mounts']);
});
