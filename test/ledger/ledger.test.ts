import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../../src/errors/index.ts';
import { isCommitted, seal } from '../../src/ledger/commitment.ts';
import { findSalt } from '../../src/ledger/content.ts';
import { Ledger, type LedgerEvent, openContent, readRecords, verifyLedger } from '../../src/ledger/index.ts';
import { hashLeaf } from '../../src/ledger/merkle.ts';
import type { JsonObject, JsonValue } from '../../src/system/index.ts';
import { edit, readLog, rechain, resign, stolenKey } from './support/forgery.ts';
import {
  sampleEvent,
  seededRandom,
  steadyClock,
  temporaryDirectory,
  verifyTwice,
  writeSample,
} from './support/sample.ts';

const open = (directory: string, runId = 'test'): Promise<Ledger> =>
  Ledger.create({ directory, runId, clock: steadyClock(), random: seededRandom(runId) });

const codeOf = (error: unknown): string => (error instanceof SallyportError ? error.code : String(error));

const records = (directory: string): JsonObject[] =>
  [...readRecords(directory)].map(({ record }) => record ?? assert.fail('an unreadable record'));

const member = (value: JsonValue | undefined, ...path: string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>(
    (object, key) =>
      typeof object === 'object' && object !== null && !Array.isArray(object)
        ? Object.entries(object).find(([name]) => name === key)?.[1]
        : undefined,
    value,
  );

test('records are chained in the order of the calls, whoever awaits them and however', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  const places = await Promise.all(
    Array.from({ length: 500 }, (_, index) => ledger.record(sampleEvent(index), { durable: index % 50 === 0 })),
  );
  const closed = await ledger.close({ exit: 0 });
  assert.deepEqual(
    places.map(({ sequence }) => sequence),
    Array.from({ length: 500 }, (_, index) => index),
  );
  assert.equal(closed.size, 501);
  const lines = readLog(directory);
  for (const [index, record] of records(directory).entries()) {
    assert.equal(record['seq'], index);
    assert.equal(record['prev'], index === 0 ? '0'.repeat(64) : hashLeaf(Buffer.from(lines[index - 1] ?? '')));
  }
  const report = await verifyTwice(directory);
  assert.deepEqual([report.verdict, report.records, report.root], ['SIGNED-UNANCHORED', 501, closed.root]);
});

test('a record that nothing follows is signed and complete once the log is closed', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  assert.deepEqual(await ledger.record({ kind: 'sandbox.proof', subject: { held: true } }, { durable: true }), {
    sequence: 0,
  });
  const closed = await ledger.close({ exit: 7, summary: { changed: 2 } });
  const final = records(directory).at(-1);
  assert.deepEqual(final?.['subject'], { exit: 7, outcome: 'closed', summary: { changed: 2 } });
  assert.equal(readFileSync(join(directory, 'checkpoint'), 'utf8'), closed.checkpoint);
  assert.equal((await verifyTwice(directory, { remembered: closed.checkpoint })).verdict, 'ANCHORED');
});

test('after close nothing is taken, and the log cannot be closed again', async (t) => {
  const ledger = await open(join(temporaryDirectory(t), 'ledger'));
  await ledger.close({ exit: 0 });
  await assert.rejects(ledger.record(sampleEvent(1)), { code: 'SP1504' });
  await assert.rejects(ledger.close({ exit: 0 }), { code: 'SP1504' });
});

test('a log that its owner left without closing says so in an honest final record', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  await assert.rejects(async () => {
    await using ledger = await open(directory);
    await ledger.record(sampleEvent(0));
    throw new Error('the run broke');
  }, /the run broke/);
  const report = await verifyTwice(directory);
  assert.deepEqual([report.final?.outcome, report.final?.exit], ['aborted', null]);
});

test('a second writer is refused and the first is not disturbed', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  await assert.rejects(open(directory), { code: 'SP1507' });
  await ledger.record(sampleEvent(0));
  await ledger.close({ exit: 0 });
  await assert.rejects(open(directory), { code: 'SP1507' });
  assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
});

test('nobody but close writes the final record', async (t) => {
  const ledger = await open(join(temporaryDirectory(t), 'ledger'));
  await assert.rejects(ledger.record({ kind: 'run.final', subject: { outcome: 'closed', exit: 0 } }), {
    code: 'SP1503',
  });
  assert.equal((await ledger.close({ exit: 1 })).size, 1);
});

test('a run id that could break a checkpoint is refused', async (t) => {
  for (const runId of ['', 'a b', 'a+b', 'a\nb', '../x', 'é'])
    await assert.rejects(open(join(temporaryDirectory(t), 'ledger'), runId), { code: 'SP1503' });
});

test('a megabyte of argument leaves a short record, and the fact can be opened again', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  const argument = 'x€'.repeat(350_000);
  const subject = { tool: 'Bash', argument, exit: 3 };
  await ledger.record({ kind: 'tool.call', subject, reported: { small: true } }, { durable: true });
  await ledger.close({ exit: 0 });
  const [line] = readLog(directory);
  assert.ok(line !== undefined && Buffer.byteLength(line) < 60 * 1024);
  const [record] = records(directory);
  assert.deepEqual(record?.['reported'], { small: true });
  assert.equal(member(record, 'subject', 'tool'), 'Bash');
  assert.equal(member(record, 'subject', 'exit'), 3);
  const content = await openContent(directory, 0, 'record.subject');
  assert.deepEqual(JSON.parse(content.toString()), subject);
  assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
  const refused = (sequence: number, name: string, reason: RegExp): Promise<void> =>
    assert.rejects(openContent(directory, sequence, name), { code: 'SP1508', message: reason });
  await refused(9, 'record.subject', /there is no such record/);
  await refused(0, 'record.observed', /the record keeps record\.subject/);
  const hmac = member(record, 'committed', 'record.subject', 'hmac');
  assert.ok(typeof hmac === 'string');
  const blob = join(directory, 'blobs/sha256', hmac.slice(0, 2), hmac);
  const whole = readFileSync(blob);
  const salt = findSalt(directory, 0) ?? assert.fail('no salt');
  writeFileSync(blob, seal(salt, 'record.subject', Buffer.from('{}')));
  await refused(0, 'record.subject', /its blob was changed/);
  writeFileSync(blob, whole);
  const events = readFileSync(join(directory, 'events.ndjson'), 'utf8');
  writeFileSync(join(directory, 'events.ndjson'), events.replace(hmac, '../../../events.ndjson'));
  await refused(0, 'record.subject', /the record is damaged/);
  writeFileSync(join(directory, 'events.ndjson'), events);
  const sealed = readFileSync(blob);
  sealed[9] = (sealed[9] ?? 0) ^ 1;
  writeFileSync(blob, sealed);
  await refused(0, 'record.subject', /its blob is gone, or was changed/);
  rmSync(join(directory, 'salts.ndjson'));
  await refused(0, 'record.subject', /its salt is not there/);
});

test('a record that stays too long without its large fields is refused, and the log goes on', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  const committed = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`content-${index}`, 'x']));
  await assert.rejects(ledger.record({ kind: 'tool.call', subject: {}, committed }), { code: 'SP1503' });
  assert.deepEqual(await ledger.record(sampleEvent(1)), { sequence: 0 });
  await ledger.close({ exit: 0 });
  assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
});

test('what the agent chose to send (broken text, huge numbers, deep nests) becomes a record all the same', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  let nest: JsonValue = 'core';
  for (let level = 0; level < 500; level++) nest = { nest };
  await ledger.record({
    kind: 'tool.call',
    subject: { text: '\ud800', number: 2 ** 64, nest, 'line\nbreak': '\u2028' },
  });
  await ledger.close({ exit: 0 });
  assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
});

test('a commitment opens with its salt, resists guessing without it, and erasing the salt breaks no proof', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  await ledger.record({ kind: 'model.request', subject: {}, committed: { prompt: 'yes', other: 'yes' } });
  await ledger.close({ exit: 0 });
  const [record] = records(directory);
  const hmac = member(record, 'committed', 'prompt', 'hmac');
  assert.ok(typeof hmac === 'string');
  const salt = findSalt(directory, 0) ?? assert.fail('no salt');
  assert.ok(isCommitted(hmac, salt, 'prompt', Buffer.from('yes')));
  assert.ok(!isCommitted(hmac, salt, 'prompt', Buffer.from('no')));
  assert.ok(!isCommitted(hmac, Buffer.alloc(32), 'prompt', Buffer.from('yes')));
  assert.notEqual(hmac, member(record, 'committed', 'other', 'hmac'), 'equal contents show as equal');
  assert.ok(!readFileSync(join(directory, 'events.ndjson'), 'utf8').includes(salt.toString('hex')));
  assert.equal(statSync(join(directory, 'salts.ndjson')).mode & 0o777, 0o600);
  rmSync(join(directory, 'salts.ndjson'));
  assert.equal(findSalt(directory, 0), undefined);
  await assert.rejects(openContent(directory, 0, 'prompt'), { code: 'SP1508', message: /keeps no content/ });
  assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
});

test('a wall clock that goes back becomes a gap, a clock that goes on does not', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  let wall = Date.UTC(2026, 5, 1);
  let ticks = 0n;
  const clock = { now: () => wall, monotonic: () => ticks++ };
  const ledger = await Ledger.create({ directory, runId: 'skew', clock, random: seededRandom('skew') });
  await ledger.record(sampleEvent(0));
  wall += 3_600_000;
  await ledger.record(sampleEvent(1));
  wall -= 60_000;
  await ledger.record(sampleEvent(2));
  await ledger.close({ exit: 0 });
  const report = await verifyTwice(directory);
  assert.deepEqual([report.verdict, report.gaps], ['INCOMPLETE', [{ record: 2, kind: 'clock_skew' }]]);
});

test('the run key is in no file of the log', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const seeds: Buffer[] = [];
  const source = seededRandom('key');
  const random = (length: number): Buffer => {
    const bytes = source(length);
    seeds.push(Buffer.from(bytes));
    return bytes;
  };
  const ledger = await Ledger.create({ directory, runId: 'key', clock: steadyClock(), random });
  await ledger.record(sampleEvent(0));
  await ledger.close({ exit: 0 });
  const seed = seeds[0] ?? assert.fail('no key was made');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(directory, name)).isFile()) continue;
    const bytes = readFileSync(join(directory, name));
    for (const form of [seed, seed.toString('hex'), seed.toString('base64')]) assert.ok(!bytes.includes(form), name);
  }
});

test('a torn last line is torn, not invalid', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  const ledger = await open(directory);
  for (let index = 0; index < 30; index++) await ledger.record(sampleEvent(index));
  await ledger.checkpoint();
  // What is on disk now is what a writer that is killed leaves behind.
  appendFileSync(join(directory, 'events.ndjson'), '{"agreement":"ma');
  const report = await verifyTwice(directory);
  assert.deepEqual([report.verdict, report.records, report.failureCount], ['INCOMPLETE', 30, 0]);
  assert.ok(report.notes.some((note) => note.includes('torn')));
  await ledger[Symbol.asyncDispose]();
});

test('a pipe in place of a file of the log does not make the verifier wait', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  await writeSample(directory);
  for (const name of ['events.ndjson', 'checkpoints.ndjson', 'checkpoint', 'log.vkey']) {
    rmSync(join(directory, name));
    assert.equal(spawnSync('mkfifo', [join(directory, name)]).status, 0);
    assert.notEqual((await verifyLedger(directory)).verdict, 'SIGNED-UNANCHORED');
  }
});

test('a device in place of a file of the log, which never ends, holds nothing of it', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  await writeSample(directory);
  for (const name of ['events.ndjson', 'checkpoints.ndjson', 'checkpoint', 'log.vkey']) {
    rmSync(join(directory, name));
    symlinkSync('/dev/zero', join(directory, name));
    assert.notEqual((await verifyLedger(directory)).verdict, 'SIGNED-UNANCHORED');
  }
  assert.deepEqual([...readRecords(directory)], []);
});

test('a record of one byte less than the limit is one, and of the limit none: for the writer and both readers', async (t) => {
  const folder = temporaryDirectory(t);
  const LIMIT = 61_440;
  const named = (letters: number): LedgerEvent => {
    return { kind: 'output', subject: {}, committed: { ['n'.repeat(letters)]: 'x' } };
  };
  const probe = await open(join(folder, 'probe'));
  await probe.record(named(1));
  await probe.close({ exit: 0 });
  const [bare = ''] = readLog(join(folder, 'probe'));
  const whole = join(folder, 'whole');
  const ledger = await open(whole, 'test');
  assert.deepEqual(await ledger.record(named(LIMIT - bare.length)), { sequence: 0 });
  await assert.rejects(ledger.record(named(LIMIT + 1 - bare.length)), { code: 'SP1503' });
  await ledger.close({ exit: 0 });
  const lines = readLog(whole);
  assert.equal(lines[0]?.length, LIMIT - 1);
  assert.equal((await verifyTwice(whole)).verdict, 'SIGNED-UNANCHORED');
  for (const [more, verdict] of [
    [0, 'SIGNED-UNANCHORED'],
    [1, 'INVALID'],
    [LIMIT, 'INVALID'],
  ] as const) {
    const longer = lines.map((line, at) =>
      at > 0 ? line : edit(line, (record) => ({ ...record, kind: `${record['kind']}${'x'.repeat(more)}` })),
    );
    resign(whole, rechain(longer), stolenKey('test'));
    const report = await verifyTwice(whole);
    assert.equal(report.verdict, verdict, `${more} more`);
    assert.equal(
      report.failures.some(({ check }) => check === 'canonical'),
      more > 0,
    );
  }
});

test('a full disk rejects the record that met it and all that follow; what was acknowledged is there', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  // A file size limit is the one full disk that every user can make. It is in blocks of 512 bytes or of a KiB.
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      'ulimit -f 200; exec "$@"',
      'sh',
      process.execPath,
      join(import.meta.dirname, 'support/writer.ts'),
      directory,
      'until-failure',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, output);
  const acknowledged = output
    .split('\n')
    .filter((line) => /^[0-9]+$/.test(line))
    .map(Number);
  assert.match(output, /SP1502 then SP1502 then SP1502/);
  assert.ok(acknowledged.length > 20);
  const report = await verifyTwice(directory);
  assert.equal(report.verdict, 'INCOMPLETE');
  assert.ok(report.records >= acknowledged.length, `${report.records} of ${acknowledged.length}`);
});

test('a writer that is killed at any moment loses nothing that it acknowledged as durable', async (t) => {
  const trials = Math.max(20, Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 0) >= 1_000_000 ? 200 : 20);
  const root = temporaryDirectory(t);
  for (let trial = 0; trial < trials; trial++) {
    const directory = join(root, String(trial));
    const child = spawn(process.execPath, [join(import.meta.dirname, 'support/writer.ts'), directory, 'forever'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      // Kill after some number of acknowledgements that differs from trial to trial.
      if (output.length > 1 + trial * 97) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const acknowledged = output.slice(0, output.lastIndexOf('\n') + 1).split('\n').length - 1;
    const report = await verifyLedger(directory);
    assert.ok(report.verdict === 'INCOMPLETE', `trial ${trial}: ${JSON.stringify(report)}`);
    assert.ok(report.records >= acknowledged, `trial ${trial}: ${report.records} of ${acknowledged}`);
    rmSync(directory, { recursive: true });
  }
});

test('a log whose writer stops while it opens it is none yet, or incomplete, and never invalid', async (t) => {
  const root = temporaryDirectory(t);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'support/opener.ts'), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const seen = new Set<string>();
  for (let stop = 0; stop < 60; stop++) {
    await once(child.stdout, 'data');
    // Each stop finds another file being made.
    await sleep(stop % 7);
    child.kill('SIGSTOP');
    const newest = String(Math.max(...readdirSync(root).map(Number)));
    seen.add(await verifyLedger(join(root, newest)).then(({ verdict }) => verdict, codeOf));
    child.kill('SIGCONT');
  }
  child.kill('SIGKILL');
  await closed;
  const honest = new Set(['SIGNED-UNANCHORED', 'INCOMPLETE', 'SP1501']);
  assert.deepEqual([...seen.difference(honest)], []);
});

test('verifying a log of many records needs no more memory than one of few', async (t) => {
  const directory = join(temporaryDirectory(t), 'ledger');
  await writeSample(directory, { records: 20_000, checkpointEvery: 5_000 });
  const before = process.memoryUsage().arrayBuffers;
  const report = await verifyLedger(directory);
  assert.equal(report.records, 20_001);
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024);
  assert.ok(existsSync(join(directory, 'tile/0/077')));
});
