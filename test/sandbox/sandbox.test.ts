import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCanaries } from '../../src/sandbox/canaries.ts';
import { createControlGroups } from '../../src/sandbox/cgroup.ts';
import { Sandbox } from '../../src/sandbox/index.ts';
import { RunNamespaces } from '../../src/sandbox/namespaces.ts';
import { OuterSandbox } from '../../src/sandbox/outer.ts';
import { tearDown } from '../../src/sandbox/teardown.ts';
import { failures, openBench, runScript } from './harness.ts';

test('a proven sandbox runs the command in its workspace and leaves nothing behind', async () => {
  const outcome = await runScript('pwd; cat README; id -u; hostname; echo done >&2; exit 7');
  assert.deepEqual(failures(outcome.proof), []);
  assert.equal(outcome.stdout, '/tmp/bench/workspace\nstaged\n1000\nsandbox\n');
  assert.equal(outcome.stderr, 'done\n');
  assert.equal(outcome.exit.code, 7);
  assert.equal(outcome.exit.cause, 'exit');
  assert.equal(outcome.teardown.clean, true, JSON.stringify(outcome.teardown));
});

test('the agent sees the planned environment and nothing of the supervisor', async () => {
  const outcome = await runScript('tr "\\0" "\\n" < /proc/self/environ; tr "\\0" " " < /proc/1/cmdline');
  assert.deepEqual(
    outcome.stdout
      .split('\n')
      .filter((line) => line.includes('='))
      .sort(),
    ['HOME=/home/agent', 'PATH=/usr/local/bin:/usr/bin:/bin', 'PWD=/tmp/bench/workspace'],
  );
  assert.doesNotMatch(outcome.stdout, /sallyport-test-/);
});

test('the accounts that programs ask for by name are there, and none of the host', async () => {
  const outcome = await runScript(
    'id -un; getent passwd root | cut -d: -f1,3,7; getent group root; wc -l < /etc/passwd',
  );
  assert.equal(outcome.stdout, 'agent\nroot:0:/usr/sbin/nologin\nroot:x:0:\n3\n');
});

test('no memory can be locked inside', async () => {
  const outcome = await runScript('ulimit -l');
  assert.equal(outcome.stdout, '0\n');
});

test('what bounds the objects of the kernel can be read inside and not raised; objects can be made', async () => {
  const raise = 'cd /proc/sys; for f in kernel/shmmni kernel/msgmnb kernel/sem fs/mqueue/queues_max; do';
  const outcome = await runScript(
    `${raise} v=$(cat $f) && echo $v > $f && echo raised $f; done; ipcmk -M 4096 -S 8 -Q`,
  );
  assert.doesNotMatch(outcome.stdout, /raised/);
  assert.equal(outcome.stderr.match(/Read-only file system/g)?.length, 4, outcome.stderr);
  assert.equal(outcome.stdout.match(/ id: /g)?.length, 3, outcome.stdout);
});

test('a crash inside leaves no core, and no handler of the host is asked for one', async () => {
  const outcome = await runScript('grep core /proc/self/limits; sh -c "kill -SEGV \\$\\$"; ls');
  assert.match(outcome.stdout, /^Max core file size +1 +1 +bytes/m);
  assert.doesNotMatch(outcome.stdout, /^core/m);
});

test('a signal that ends the agent shows as 128 and its number', async () => {
  const outcome = await runScript('kill -TERM $$');
  assert.equal(outcome.exit.code, 143);
});

test('a program that does not exist ends with 127', async () => {
  const outcome = await runScript('', { command: ['/usr/bin/no-such-program'] });
  assert.equal(outcome.exit.code, 127);
});

test('the time limit ends an agent that ignores every signal, and its detached children', async () => {
  const script = "trap '' TERM INT HUP; (setsid sh -c \"trap '' TERM HUP; sleep 300\" &) ; sleep 300";
  const outcome = await runScript(script, { limits: { ...(await limits()), seconds: 1 } });
  assert.equal(outcome.exit.cause, 'timeout');
  assert.equal(outcome.teardown.clean, true, JSON.stringify(outcome.teardown));
});

test('cancelling ends the agent with the given cause', async () => {
  const outcome = await runScript('sleep 300', {}, (sandbox) => sandbox.cancel('broker-lost'));
  assert.equal(outcome.exit.cause, 'broker-lost');
});

test('a child that keeps the streams open does not keep the run open', async () => {
  const outcome = await runScript('setsid sh -c "sleep 300" & echo started');
  assert.equal(outcome.stdout, 'started\n');
  assert.equal(outcome.exit.cause, 'exit');
});

test('all output written before the end arrives', async () => {
  const outcome = await runScript('head -c 700000 /dev/zero | tr "\\0" x');
  assert.equal(outcome.stdout.length, 700_000);
});

test('output beyond its limit ends the run', async () => {
  const outcome = await runScript('yes | head -c 8000000; sleep 300');
  assert.equal(outcome.exit.cause, 'output');
  assert.equal(outcome.stdout.length, 1024 * 1024);
});

test('the disk limit holds in the workspace and in the temporary directory', async () => {
  const outcome = await runScript(
    'head -c 90000000 /dev/zero > big; head -c 90000000 /dev/zero > /tmp/big; ls -s / >/dev/null',
  );
  assert.match(outcome.stderr, /No space left on device/);
});

test('the inode limit holds in the workspace', async () => {
  const outcome = await runScript('i=0; while [ $i -lt 6000 ]; do : > f$i || break; i=$((i+1)); done; echo $i');
  assert.match(outcome.stderr, /No space left on device/);
});

test('the inode limit holds wherever the agent may write', async () => {
  for (const directory of ['/tmp', '/home/agent', '/dev/shm', '/run']) {
    const outcome = await runScript(`cd ${directory}; seq 6000 | xargs touch 2>refused; ls | wc -l; tail -1 refused`);
    assert.match(outcome.stdout, /No space left on device/, directory);
    assert.ok(Number.parseInt(outcome.stdout, 10) > 1000, 'ordinary numbers of files go through');
  }
});

test('what holds the devices takes no files, and the devices work', async () => {
  const outcome = await runScript(
    [
      'touch /dev/fill /dev/pts/fill; ln -sf /tmp /dev/fill; ls /dev /dev/pts',
      'echo lost > /dev/null; head -c 4 /dev/zero | wc -c; echo kept > /dev/shm/x; cat /dev/shm/x',
      'python3 -c "import os; os.openpty(); print(\'terminal\')"; [ $(ls /dev/fd/ | wc -l) -gt 2 ] && echo streams',
    ].join('\n'),
  );
  assert.doesNotMatch(outcome.stdout, /fill/);
  assert.match(outcome.stdout, /^4\nkept\nterminal\nstreams\n$/m);
  assert.match(outcome.stderr, /'\/dev\/fill': Read-only file system/);
});

test('the process limit stops a fork bomb, and ordinary parallel work goes through', async () => {
  const outcome = await runScript(
    'for i in $(seq 64); do sleep 1 & done; wait && echo fine; for i in $(seq 400); do sleep 5 & done',
  );
  assert.match(outcome.stdout, /fine/);
  assert.match(outcome.stderr, /[Cc]annot fork|Resource temporarily unavailable/);
});

test('the memory limit ends what goes beyond it', async () => {
  const script =
    'python3 -c "x = bytearray(900 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\nimport time; time.sleep(20)"';
  const outcome = await runScript(script);
  assert.equal(outcome.exit.code, 137);
  assert.equal(outcome.exit.cause, 'memory');
});

test('the workspace is collected after everything of the agent is dead', async () => {
  await using bench = await openBench({ command: ['/bin/sh', '-c', 'echo new > made; rm README'] });
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace();
  await sandbox.prove();
  await sandbox.execute(() => undefined);
  assert.deepEqual(await sandbox.collect({ of: 'test' }), { request: { of: 'test' }, files: ['made'] });
});

test('the agent does not start before the sandbox is proven', async () => {
  await using bench = await openBench({ command: ['/bin/sh', '-c', 'touch ran'] });
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace();
  await assert.rejects(
    sandbox.execute(() => undefined),
    { code: 'SP1203' },
  );
});

test('what is left of a run makes it unclean, and is named', async () => {
  await using bench = await openBench();
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  const left = join(bench.plan.runDirectory, 'canary-of-nobody');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(left, listening));
  const { clean, sockets, errors } = await sandbox.stop();
  await new Promise((closed) => server.close(closed));
  assert.deepEqual({ clean, left: sockets.left, errors }, { clean: false, left: [left], errors: [] });
});

test('a step of the teardown that fails makes the run unclean, and those after it are done', async () => {
  await using bench = await openBench();
  await using canaries = await openCanaries(bench.plan.runDirectory, bench.host.random);
  const report = await tearDown({
    outer: await OuterSandbox.start(bench.plan, bench.host),
    seen: [],
    canaries: { ...canaries, [Symbol.asyncDispose]: () => Promise.reject(new Error('cannot be closed')) },
    groups: createControlGroups('sallyport-none', bench.plan.limits, '/nonexistent'),
    runDirectory: bench.plan.runDirectory,
    layout: 'layered',
    namespaces: new RunNamespaces(),
  });
  assert.deepEqual(report.errors, ['sockets: cannot be closed']);
  assert.equal(report.clean, false);
  assert.equal(existsSync(bench.plan.runDirectory), false);
});

test('the lock of a run goes after its control groups, so that a sweep would find them', async () => {
  await using bench = await openBench();
  await using canaries = await openCanaries(bench.plan.runDirectory, bench.host.random);
  const { runDirectory, limits } = bench.plan;
  const seen: (readonly string[])[] = [];
  const report = await tearDown({
    outer: await OuterSandbox.start(bench.plan, bench.host),
    seen: [],
    canaries,
    groups: {
      ...createControlGroups('sallyport-none', limits, '/nonexistent'),
      remove: () => {
        seen.push(readdirSync(runDirectory));
        return [];
      },
    },
    runDirectory,
    layout: 'layered',
    namespaces: new RunNamespaces(),
  });
  assert.deepEqual(seen, [['lock']]);
  assert.deepEqual([report.clean, existsSync(runDirectory)], [true, false], JSON.stringify(report));
});

test('a broker that is not there at all does not stop the teardown', async () => {
  await using bench = await openBench();
  const sandbox = await Sandbox.start(bench.plan, bench.host);
  const teardown = await sandbox.stop();
  assert.equal(teardown.clean, true, JSON.stringify(teardown));
  assert.equal(existsSync(bench.plan.runDirectory), false);
});

test('a staged tree that is missing is an error that says so', async () => {
  await using bench = await openBench({ lower: '/nonexistent/lower' });
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await assert.rejects(sandbox.mountWorkspace(), /cannot mount the workspace/);
  await assert.rejects(sandbox.mountWorkspace({ entries: 1, bytes: 1 }), /cannot mount the workspace: .*No such file/);
});

test('a mount that is not possible is an error in the words of bubblewrap', async () => {
  const missing = { source: '/nonexistent/tools', target: '/opt/tools', optional: false };
  await using bench = await openBench({ readOnly: [missing] });
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace();
  await assert.rejects(sandbox.prove(), { code: 'SP1204', message: /did not start: bwrap: .*\/nonexistent\/tools/ });
});

async function limits() {
  await using bench = await openBench();
  return bench.plan.limits;
}
