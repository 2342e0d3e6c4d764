/** Disks that are full, read-only or small. Each is a file system in memory, in a private mount namespace. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  ask,
  type Ended,
  type Ground,
  MESSAGE,
  openGround,
  openUpstream,
  PRIVATE_MOUNTS,
  records,
  verdictOf,
  WITHOUT_CAPABILITIES,
} from './support/ground.ts';

describe('an out directory that cannot hold the evidence', () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground[Symbol.asyncDispose]());

  /** Runs with a disk of its own mounted at `disk`, and afterwards copies what is on it to `kept`. */
  function onDisk(name: string, options: { readonly mount: string; readonly script: string; readonly url?: string }) {
    const disk = join(ground.path, name);
    const kept = join(ground.path, `${name}-kept`);
    for (const directory of [disk, kept]) mkdirSync(directory);
    const steps = `disk=$1; kept=$2; shift 2; ${options.mount}; ${WITHOUT_CAPABILITIES} "$@"; code=$?; cp -R "$disk/." "$kept"; exit $code`;
    const run = ground.run({
      script: options.script,
      out: join(disk, 'out'),
      through: [...PRIVATE_MOUNTS, '/bin/sh', '-c', steps, 'sh', disk, kept],
      ...(options.url === undefined ? {} : { environment: { ANTHROPIC_BASE_URL: options.url } }),
    });
    return { run, kept: join(kept, 'out') };
  }

  function assertOneLine(end: Ended, line: RegExp): void {
    assert.match(end.stderr.trim(), line);
    assert.equal(end.stderr.trim().split('\n').length, 1, end.stderr);
  }

  test('one that is read-only stops the run before it starts', async () => {
    const mount = 'mount -t tmpfs -o ro,size=1m tmpfs "$disk"';
    const { run } = onDisk('read-only', { mount, script: 'echo started' });
    const end = await run.ended;
    assert.equal(end.code, 2);
    assert.equal(end.stdout, '');
    assertOneLine(end, /^SP1701 .*cannot be written: the file system is read-only/);
  });

  test('one that is not empty, or no directory, stops the run before it starts', async () => {
    const out = join(ground.path, 'used');
    mkdirSync(out);
    writeFileSync(join(out, 'evidence'), 'of another run');
    for (const path of [out, join(out, 'evidence')]) {
      const end = await ground.run({ script: 'echo started', out: path }).ended;
      assert.equal(end.code, 2);
      assert.equal(end.stdout, '');
      assertOneLine(end, /^SP1701 .*(is not empty|is not a directory)/);
    }
    assert.deepEqual(readdirSync(out), ['evidence']);
  });

  test('one on a full disk stops the run before it starts', async () => {
    const mount = 'mount -t tmpfs -o size=64k tmpfs "$disk"; cat /dev/zero > "$disk/filler" 2>/dev/null';
    const { run } = onDisk('full', { mount, script: 'echo started' });
    const end = await run.ended;
    assert.equal(end.code, 3, end.stderr);
    assert.equal(end.stdout, '');
    assertOneLine(end, /^SP1502 .*ENOSPC/);
    assert.deepEqual(readdirSync(ground.temporary), []);
  });

  test('a disk that fills up during the run ends it: nothing passes unrecorded, nothing recorded is lost', async () => {
    let served = 0;
    await using upstream = await openUpstream((request, response) => {
      served += 1;
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' }).end(MESSAGE);
    });
    const mount = 'mount -t tmpfs -o size=96k tmpfs "$disk"';
    const script = `i=0; while [ $i -lt 500 ]; do ${ask()}; i=$((i+1)); done; echo agent-done`;
    const { run, kept } = onDisk('filling', { mount, script, url: upstream.url });
    const end = await run.ended;
    assert.equal(end.code, 3, end.stderr);
    assert.doesNotMatch(end.stdout, /agent-done/);
    assert.match(end.stderr, /^SP1502 .*ENOSPC.*$/m);
    assert.doesNotMatch(end.stderr, /^\s+at .*:\d+:\d+/m);
    const asked = records(kept).filter(
      ({ kind, decision }) => kind === 'model.request' && decision?.verdict === 'allow',
    );
    assert.ok(served > 0 && asked.length >= served, `${served} served, ${asked.length} on record`);
    assert.equal(await verdictOf(kept), 'INCOMPLETE');
    assert.deepEqual(readdirSync(ground.temporary), []);
    assert.deepEqual(run.processes(), []);
  });

  test('a disk too small for the patch keeps the evidence and says that the run is incomplete', async () => {
    const mount = 'mount -t tmpfs -o size=512k tmpfs "$disk"';
    const { run, kept } = onDisk('small', { mount, script: 'yes 0123456789 | head -n 100000 > file' });
    const end = await run.ended;
    assert.equal(end.code, 3, end.stderr);
    assert.match(end.stderr, /ENOSPC/);
    assert.ok(existsSync(join(kept, 'ledger', 'events.ndjson')));
    assert.notEqual(await verdictOf(kept), 'INVALID');
    assert.deepEqual(readdirSync(ground.temporary), []);
  });
});
