import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { after, test } from 'node:test';
import { openCanaries } from '../../src/sandbox/canaries.ts';
import { Sandbox } from '../../src/sandbox/index.ts';
import { compileProbe } from '../../src/sandbox/probe/program.ts';
import { callsOf, judgeProof, probeChecks } from '../../src/sandbox/proof.ts';
import { readExactly } from '../../src/sandbox/read-exactly.ts';
import type { Architecture } from '../../src/sandbox/seccomp/syscalls.ts';
import { removeTree, systemRandom } from '../../src/system/index.ts';
import { failures, openBench } from './harness.ts';

const SECRET = 'hunter2-hunter2-hunter2';
const directory = mkdtempSync(join(tmpdir(), 'sallyport-proof-'));
chmodSync(directory, 0o755);
mkdirSync(join(directory, 'host'), { mode: 0o777 });
/** On a file system of the kind that the agent's own directories have. */
const inMemory = mkdtempSync('/dev/shm/sallyport-proof-');
chmodSync(inMemory, 0o777);
after(() => Promise.all([directory, inMemory].map((path) => removeTree(path))));

/** A bubblewrap that breaks the inner sandbox in one way, and what the proof must notice. */
const SABOTAGES: readonly {
  readonly title: string;
  readonly edit: string;
  readonly before?: string;
  readonly noticed: string;
}[] = [
  { title: 'no system call filter', edit: "sed -z '/^--seccomp$/,+1d'", noticed: 'status.Seccomp' },
  { title: 'the process view of the airlock', edit: "sed -z '/^--unshare-pid$/d'", noticed: 'view.processes' },
  { title: 'a writable root', edit: "sed -z '/^--remount-ro$/,+1d'", noticed: 'create.root' },
  { title: 'the hostname of the host', edit: "sed -z '/^--hostname$/,+1d'", noticed: 'view.hostname' },
  {
    title: 'a secret in the environment',
    edit: `{ cat; printf '%s\\0' --setenv LEAK ${SECRET}; }`,
    noticed: 'view.environment',
  },
  {
    title: 'a writable directory of the host',
    edit: `{ cat; printf '%s\\0' --bind ${directory}/host /usr/share; }`,
    noticed: 'view.mounts',
  },
  {
    title: 'a directory of the host in place of an empty one',
    edit: `{ cat; printf '%s\\0' --bind ${directory}/host /run; }`,
    noticed: 'view.mounts',
  },
  {
    title: 'a directory of the host in memory in place of an empty one',
    edit: `{ cat; printf '%s\\0' --bind ${inMemory} /run; }`,
    noticed: 'view.mounts',
  },
  { title: 'the programs of the host, writable', edit: "sed -z '0,/^--ro-bind$/s//--bind/'", noticed: 'view.mounts' },
  { title: 'the devices of the host', edit: `{ cat; printf '%s\\0' --dev-bind /dev /dev; }`, noticed: 'view.mounts' },
  { title: 'the file view of the host', edit: `{ cat; printf '%s\\0' --ro-bind / /run; }`, noticed: 'view.mounts' },
  { title: 'an inherited descriptor', edit: 'cat', before: 'exec 40</etc/passwd', noticed: 'view.descriptors' },
];

for (const { title, edit, before, noticed } of SABOTAGES) {
  test(`the proof notices ${title}, and the agent does not start`, async () => {
    const bwrap = writeSaboteur(edit, before ?? '');
    await using bench = await openBench({ command: ['/bin/sh', '-c', 'echo ran'] });
    const tools = { ...bench.host.tools, bwrap } as NonNullable<typeof bench.host.tools>;
    await using sandbox = await Sandbox.start(bench.plan, { ...bench.host, tools });
    await sandbox.mountWorkspace();
    const proof = await sandbox.prove();
    assert.equal(proof.holds, false);
    assert.ok(failures(proof).includes(noticed), failures(proof).join(', '));
    await assert.rejects(
      sandbox.execute(() => assert.fail('the agent ran')),
      { code: 'SP1203' },
    );
  });
}

let saboteurs = 0;
function writeSaboteur(edit: string, before: string): string {
  saboteurs += 1;
  const path = join(directory, `bwrap-${saboteurs}`);
  const isInner = `case " $* " in *" --args 3 "*) ;; *) exec /usr/bin/bwrap "$@" ;; esac`;
  writeFileSync(path, `#!/bin/bash\n${isInner}\n${before}\nexec 3< <(${edit} <&3)\nexec /usr/bin/bwrap "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

test('a sandbox with the network of the host does not start', async () => {
  const path = join(directory, 'bwrap-network');
  writeFileSync(
    path,
    '#!/bin/bash\nfor a; do shift; [ "$a" = --unshare-net ] || set -- "$@" "$a"; done\nexec /usr/bin/bwrap "$@"\n',
  );
  chmodSync(path, 0o755);
  await using bench = await openBench();
  const tools = { ...bench.host.tools, bwrap: path } as NonNullable<typeof bench.host.tools>;
  await using sandbox = await Sandbox.start(bench.plan, { ...bench.host, tools });
  // The airlock's resolver cannot take port 53 of the host; were it free, the proof would find the host's listener.
  await assert.rejects(async () => {
    await sandbox.mountWorkspace();
    assert.ok((await sandbox.prove()).holds);
  });
});

test('outside any sandbox the probe reaches what it reaches for, and each is judged a breach', async () => {
  const run = mkdtempSync(join(directory, 'bare-'));
  await using canaries = await openCanaries(run, systemRandom);
  const architecture = process.arch as Architecture;
  const environment = { PLANNED: 'yes' };
  const checks = probeChecks({
    ...{ architecture, canaries: canaries.targets, workspace: run, brokerPort: 1, environmentBytes: 4096 },
  }).filter((check) => !MACHINE_WIDE.includes(check.call.name));
  const probe = compileProbe(architecture, callsOf(checks), { proof: 3, probe: 4 });
  const program = join(run, 'probe');
  writeFileSync(program, probe.executable, { mode: 0o700 });
  const child = spawn(program, ['/bin/true'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { LEAK: SECRET } });
  const report = await readExactly(child.stdio[3] as Duplex, probe.reportBytes, 10_000);
  child.kill('SIGKILL');
  for (const stream of child.stdio) stream?.destroy();
  const view = {
    environment,
    hostname: 'sandbox',
    mounts: [],
    descriptors: [0, 1, 2, 3],
    streams: [],
    hostPaths: [run],
  };
  const proof = judgeProof(checks, probe.read(report), view, canaries.touched, undefined);
  assert.equal(proof.holds, false);
  for (const name of REACHED_OUTSIDE) assert.ok(failures(proof).includes(name), `${name} was not noticed`);
});

/** Calls that would change the machine the tests run on, were they to succeed. */
const MACHINE_WIDE = [
  'call.mount',
  'call.umount2',
  'call.pivot_root',
  'call.chroot',
  'call.sethostname',
  'call.unshare',
  'call.clone',
  'call.move_mount',
  'identity.root',
  'identity.groups',
  'terminal.input',
  'device.create',
  'create.system',
  'create.configuration',
  'create.root',
  'call.init_module',
  'process.trace',
];

const REACHED_OUTSIDE = [
  'host.tcp-listener',
  'host.abstract-listener',
  'host.path-listener',
  'host.canaries',
  'read.outside',
  'read.outside-by-self',
  'process.signal',
  'process.environment',
  'socket.vsock',
  'status.Seccomp',
  'status.NoNewPrivs',
  'view.environment',
  'view.hostname',
  'view.mounts',
  'view.processes',
];

test('a report that is cut short or empty proves nothing', () => {
  const canaries = {
    tcpPort: 1,
    abstractName: '\0x',
    socketPath: '/x',
    filePath: '/x',
    runDirectory: '/x',
    supervisorPid: 100,
  };
  const checks = probeChecks({ architecture: 'x64', canaries, workspace: '/w', brokerPort: 1, environmentBytes: 0 });
  const probe = compileProbe('x64', callsOf(checks), { proof: 3, probe: 4 });
  const view = { environment: {}, hostname: '', mounts: [], descriptors: [], streams: [], hostPaths: [] };
  for (const report of [Buffer.alloc(0), Buffer.alloc(probe.reportBytes - 1), Buffer.alloc(probe.reportBytes)]) {
    assert.equal(judgeProof(checks, probe.read(report), view, new Set(), undefined).holds, false);
  }
  const none = judgeProof(checks, probe.read(Buffer.alloc(0)), view, new Set(), undefined).checks;
  const notRun = none.filter(({ outcome }) => outcome === 'did not run');
  assert.ok(notRun.length > 80, `${notRun.length} of ${none.length}`);
  assert.ok(notRun.every(({ held }) => !held));
});

test('a known secret anywhere in the view is noticed', () => {
  const checks = probeChecks({
    ...{ architecture: 'x64', workspace: '/w', brokerPort: 1, environmentBytes: 64 },
    canaries: {
      tcpPort: 1,
      abstractName: '\0x',
      socketPath: '/x',
      filePath: '/x',
      runDirectory: '/x',
      supervisorPid: 100,
    },
  });
  const answers = new Map([['environment.read-0', { result: SECRET.length, bytes: Buffer.from(SECRET) }]]);
  const view = { environment: {}, hostname: '', mounts: [], descriptors: [], streams: [], hostPaths: [] };
  const sentinel = {
    find: (bytes: Uint8Array) => {
      const start = Buffer.from(bytes).indexOf(SECRET);
      return start < 0 ? [] : [{ name: 'TOKEN', encoding: 'plain', start, end: start + SECRET.length }];
    },
    findEncoded: () => assert.fail(),
    redact: () => assert.fail(),
    redactText: () => assert.fail(),
    stream: () => assert.fail(),
  };
  const proof = judgeProof(checks, answers, view, new Set(), sentinel);
  const secrets = proof.checks.find((check) => check.name === 'view.secrets');
  assert.deepEqual(secrets, { name: 'view.secrets', expected: 'none', outcome: 'TOKEN (plain)', held: false });
});
