import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcessFile } from '../../src/system/index.ts';
import { type Ended, type Ground, openGround, type Run, records, verdictOf } from './support/ground.ts';

/** Runs for as long as nobody ends it, and takes no hint. */
const STUBBORN = "trap '' TERM INT HUP; (setsid sleep 300 &); echo started; sleep 300 & wait; wait; sleep 300";

describe('how a run ends', () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  /** In order: a final record, a clean teardown, nothing left. */
  async function assertInOrder(run: Run, end: Ended): Promise<void> {
    const written = records(run.out);
    assert.equal(written.at(-1)?.kind, 'run.final', end.stderr);
    assert.equal(await verdictOf(run.out), 'SIGNED-UNANCHORED');
    const report = JSON.parse(readFileSync(join(run.out, 'report.json'), 'utf8'));
    assert.equal(report.teardown.clean, true, JSON.stringify(report.teardown));
    assert.deepEqual(run.processes(), []);
    assert.deepEqual(readdirSync(ground.temporary), []);
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`${signal} ends the run with 143, in order`, async () => {
      const run = ground.run({ script: STUBBORN });
      await run.printed('started');
      process.kill(run.pid, signal);
      const end = await run.ended;
      assert.equal(end.code, 143, end.stderr);
      assert.match(end.stderr, /cancel/i);
      await assertInOrder(run, end);
    });
  }

  test('a run that is cancelled before the agent starts never starts it', async () => {
    const run = ground.run({ script: 'echo started; echo made > file' });
    while (!existsSync(join(run.out, 'ledger', 'events.ndjson'))) await new Promise((done) => setTimeout(done, 2));
    process.kill(run.pid, 'SIGTERM');
    const end = await run.ended;
    assert.equal(end.code, 143, end.stderr);
    assert.doesNotMatch(end.stdout, /started/);
    await assertInOrder(run, end);
  });

  for (const delay of [50, 150, 250, 350]) {
    test(`an interrupt from the terminal after ${delay} ms, to git as well as to us, cancels the run and leaves nothing`, async () => {
      const run = ground.run({ script: 'sleep 300', through: ['setsid'] });
      await new Promise((done) => setTimeout(done, delay));
      process.kill(-run.pid, 'SIGINT');
      const end = await run.ended;
      // Before the program listens, the signal does what it does by itself.
      assert.ok(end.code === 143 || end.signal === 'SIGINT', `${end.code} ${end.signal} ${end.stderr}`);
      assert.deepEqual(run.processes(), []);
      assert.deepEqual(readdirSync(ground.temporary), []);
    });
  }

  test('the time limit ends the run with 124, in order', async () => {
    const policy = join(ground.path, 'short.yaml');
    writeFileSync(policy, 'version: 1\nlimits: { minutes: 0.02 }\n');
    const run = ground.run({ script: STUBBORN, flags: ['--policy', policy] });
    const end = await run.ended;
    assert.equal(end.code, 124, end.stderr);
    await assertInOrder(run, end);
  });

  for (const { script, code } of [
    { script: 'true', code: 0 },
    { script: 'exit 7', code: 7 },
    { script: 'kill -KILL $$', code: 137 },
    { script: 'kill -SEGV $$', code: 139 },
  ]) {
    test(`the agent's own end passes through: ${script} gives ${code}`, async () => {
      const run = ground.run({ script });
      const end = await run.ended;
      assert.equal(end.code, code, end.stderr);
      await assertInOrder(run, end);
    });
  }

  test('a run whose broker is gone before it told what left is incomplete, and does not say that nothing left', async () => {
    const run = ground.run({ script: 'echo started; sleep 0.5; echo agent-done' });
    await run.printed('started');
    const broker = run
      .processes()
      .find(({ pid }) => /broker-process\.(?:cjs|ts)/.test(readProcessFile(pid, 'cmdline') ?? ''));
    assert.ok(broker);
    process.kill(broker.pid, 'SIGSTOP');
    await run.printed('agent-done');
    await sleep(300);
    process.kill(broker.pid, 'SIGKILL');
    const end = await run.ended;
    assert.equal(end.code, 3, end.stderr);
    assert.match(end.stderr, /broker was lost/);
    assert.doesNotMatch(end.stderr, /Nothing left/);
    assert.equal(JSON.parse(readFileSync(join(run.out, 'dataflow.json'), 'utf8')).accounted, false);
    await assertInOrder(run, end);
  });

  test('a reader of the log who goes away does not stop the run', async () => {
    const script = 'i=0; while [ $i -lt 2000 ]; do echo line-$i; i=$((i+1)); done; echo made > file';
    const pipe = 'set -o pipefail; "$@" 2>/dev/null | head -n 1';
    const run = ground.run({ script, through: ['/bin/bash', '-c', pipe, 'bash'] });
    assert.equal((await run.ended).stdout, 'line-0\n');
    const report = JSON.parse(readFileSync(join(run.out, 'report.json'), 'utf8'));
    assert.equal(report.end.kind, 'completed');
    assert.deepEqual(
      report.change.files.map(({ path }: { readonly path: string }) => path),
      ['file'],
    );
  });

  test('descriptors and a certificate file that the caller leaks do not reach the agent', async () => {
    const leak = 'exec 9</etc/passwd 24</etc/passwd 31</etc; exec "$@"';
    const run = ground.run({
      script: 'ls /proc/self/fd | wc -l',
      through: ['/bin/bash', '-c', leak, 'bash'],
      environment: { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' },
    });
    const end = await run.ended;
    assert.equal(end.code, 0, end.stderr);
    // The three streams, and the directory that is being listed.
    assert.equal(end.stdout.trim(), '4');
  });

  test("System V objects of others on the host are not taken for the run's", async () => {
    const run = ground.run({
      script: 'echo started; ipcmk -M 4096 >/dev/null && ipcs -m | grep -c 0x; sleep 0.3',
      through: [
        '/bin/sh',
        '-c',
        '"$@" & run=$!; sleep 0.2; id=$(ipcmk -M 4096 | grep -o "[0-9]*$"); wait $run; code=$?; ipcrm -m $id; exit $code',
        'sh',
      ],
    });
    const end = await run.ended;
    assert.equal(end.code, 0, end.stderr);
    const { systemVObjects } = JSON.parse(readFileSync(join(run.out, 'report.json'), 'utf8')).teardown;
    assert.deepEqual(systemVObjects, { made: 2, left: [] });
  });
});
