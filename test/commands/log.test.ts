import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ClosedLedger, Ledger, toCsvLine, VERDICT_EXIT } from '../../src/ledger/index.ts';
import { ATTACKS } from '../ledger/support/attacks.ts';
import { seededRandom, steadyClock, temporaryDirectory, verifyTwice, writeSample } from '../ledger/support/sample.ts';

const CLI = resolve(import.meta.dirname, '../../src/cli.ts');
const OFFLINE = resolve(import.meta.dirname, '../../docs/formats/verify-ledger.mjs');

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(script: string, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((settle) => child.on('close', (code) => settle({ code, stdout, stderr })));
}

const log = (...args: string[]): Promise<Outcome> => run(CLI, 'log', ...args);

describe('sallyport log', () => {
  const root = temporaryDirectory({ after });
  const out = join(root, 'out');
  const ledger = join(out, 'ledger');
  const kept = join(root, 'kept');
  let closed: ClosedLedger;
  before(async () => {
    mkdirSync(out);
    closed = await writeSample(ledger, { records: 40 });
    await writeSample(join(root, 'other'), { records: 50, runId: 'other' });
    writeFileSync(kept, closed.checkpoint);
  });

  test('verify says SIGNED-UNANCHORED and exits 10, on the ledger as on the out directory', async () => {
    for (const directory of [ledger, out]) {
      const { code, stdout } = await log('verify', directory);
      assert.equal(code, 10);
      assert.match(stdout, /^SIGNED-UNANCHORED: /);
    }
  });

  test('open prints what was too long for its record, and says why it cannot', async () => {
    const directory = join(root, 'long', 'ledger');
    const writer = await Ledger.create({
      directory,
      runId: 'long',
      clock: steadyClock(),
      random: seededRandom('long'),
    });
    const subject = { tool: 'Bash', input: 'x'.repeat(100_000) };
    await writer.record({ kind: 'tool.call', subject });
    await writer.close({ exit: 0 });
    const opened = await log('open', join(root, 'long'), '0', 'record.subject');
    assert.equal(opened.code, 0);
    assert.deepEqual(JSON.parse(opened.stdout), subject);
    const absent = await log('open', directory, '0', 'record.observed');
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /SP1508.*the record keeps record\.subject/s);
  });

  test('what the agent chose is no formula in a spreadsheet, and no end of a cell', () => {
    const kinds = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'a "quoted", one'];
    const cells = kinds.map((kind) => toCsvLine({ sequence: 0, record: { kind } }).split(',').slice(3, -6).join(','));
    assert.deepEqual(cells, [
      ...[`"'=1+1"`, `"'+1"`, `"'-1"`, `"'@SUM(A1)"`, `"'\t=1"`, `"'\r=1"`],
      '"a ""quoted"", one"',
    ]);
  });

  test('no output ever says that a log is verified or OK', async () => {
    for (const args of [[], ['--remembered', kept], ['--at-least', 'signed']]) {
      const { stdout } = await log('verify', ledger, ...args);
      assert.doesNotMatch(stdout, /\b(verified|ok|valid)\b/i);
    }
  });

  test('each fault of a log is said once', async () => {
    const directory = join(root, 'changed', 'ledger');
    await writeSample(directory, { records: 5, runId: 'changed' });
    const events = join(directory, 'events.ndjson');
    writeFileSync(events, readFileSync(events, 'utf8').replace('"seq":1,', '"seq":1,"more":1,'));
    const { code, stdout } = await log('verify', directory);
    assert.equal(code, 40);
    const failed = stdout.split('\n').filter((line) => line.startsWith('  FAILED'));
    assert.ok(
      failed.some((line) => line.includes('checkpoint.root')),
      stdout,
    );
    assert.equal(new Set(failed).size, failed.length, stdout);
  });

  test('--at-least signed accepts it with exit 0 and prints the word all the same', async () => {
    const { code, stdout } = await log('verify', ledger, '--at-least', 'signed');
    assert.equal(code, 0);
    assert.match(stdout, /^SIGNED-UNANCHORED: /);
  });

  test('a kept checkpoint makes it ANCHORED, which is less than witnessed', async () => {
    assert.equal((await log('verify', ledger, '--remembered', kept)).code, 0);
    const { code, stdout } = await log('verify', ledger, '--remembered', kept, '--at-least', 'witnessed');
    assert.equal(code, 1);
    assert.match(stdout, /^ANCHORED: /);
  });

  test('a checkpoint from inside the log confirms nothing and is refused', async () => {
    const { code, stderr } = await log('verify', ledger, '--remembered', join(ledger, 'checkpoint'));
    assert.equal(code, 2);
    assert.match(stderr, /^SP1506 /);
  });

  test('verify exits with the code of its verdict, and so does the offline verifier', async () => {
    for (const attack of ATTACKS.filter(({ name }) =>
      /is edited$|the tail is cut$|deleted$|does not exist yet/.test(name),
    )) {
      const directory = join(root, 'attacked', attack.name);
      cpSync(ledger, directory, { recursive: true });
      attack.apply({ directory, other: join(root, 'other'), runId: 'sample', at: 25 });
      const verdict = (await verifyTwice(directory)).verdict;
      assert.equal(verdict, attack.alone);
      const [ours, offline] = await Promise.all([
        log('verify', directory, '--format', 'json'),
        run(OFFLINE, directory, '--json'),
      ]);
      assert.deepEqual([ours.code, offline.code], [VERDICT_EXIT[verdict], VERDICT_EXIT[verdict]], attack.name);
      assert.deepEqual([JSON.parse(ours.stdout).verdict, JSON.parse(offline.stdout).verdict], [verdict, verdict]);
    }
  });

  test('JSON is valid on every exit, also when there is no log', async () => {
    const { code, stdout, stderr } = await log('verify', join(root, 'nowhere'), '--format', 'json');
    assert.equal(code, 2);
    assert.equal(JSON.parse(stdout).error.code, 'SP1501');
    assert.match(stderr, /^SP1501 /);
    const trust = await log('verify', ledger, '--trust', join(root, 'nothing'), '--format', 'json');
    assert.equal(JSON.parse(trust.stdout).error.code, 'SP1505');
  });

  test('show makes a table that terminal escapes in a record cannot touch', async () => {
    const directory = join(root, 'hostile');
    const hostile = await Ledger.create({
      directory,
      runId: 'hostile',
      clock: steadyClock(),
      random: seededRandom('h'),
    });
    await hostile.record({
      kind: 'tool.call',
      subject: { command: '\x1b[2J\x1b]0;owned\x07\nFORGED ROW\u202e\u200b' },
    });
    await hostile.record({ kind: 'tool.result', subject: { exit: 0 }, agreement: 'mismatch' });
    await hostile.close({ exit: 0 });
    const { code, stdout } = await log('show', directory);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f\u200b\u202e]/);
    assert.equal(stdout.trimEnd().split('\n').length, 4);
    assert.match(stdout, /MISMATCH/);
  });

  test('show selects by kind and limits the rows', async () => {
    const { stdout } = await log('show', out, '--kind', 'tool.call', '--limit', '3');
    assert.equal(stdout.trimEnd().split('\n').length, 4);
    assert.equal((await log('show', out, '--limit', 'many')).code, 2);
  });

  test('cat prints each record as one line of JSON', async () => {
    const wrong = await log('show', out, '--kind', 'tool.cal');
    assert.match(wrong.stderr, /^no record is of kind 'tool\.cal'; there are: .*tool\.call/);
    const { stdout } = await log('cat', out, '--kind', 'run.final');
    assert.equal(JSON.parse(stdout).subject.exit, 0);
    assert.equal((await log('cat', out)).stdout.trimEnd().split('\n').length, 41);
  });

  test('diff names the kinds and decisions that differ, and nothing between equal runs', async () => {
    const { stdout } = await log('diff', out, join(root, 'other'), '--format', 'json');
    const differences: { left: number; right: number }[] = JSON.parse(stdout);
    assert.equal(
      differences.reduce((sum, { left, right }) => sum + right - left, 0),
      10,
    );
    assert.match((await log('diff', out, ledger)).stdout, /^No difference/);
  });

  test('export gives one JSON array, or CSV in which no cell is a formula', async () => {
    assert.equal(JSON.parse((await log('export', out, '--format', 'json')).stdout).length, 41);
    assert.equal(JSON.parse((await log('export', out)).stdout).length, 41);
    const directory = join(root, 'formula');
    const formula = await Ledger.create({ directory, runId: 'f', clock: steadyClock(), random: seededRandom('f') });
    await formula.record({ kind: 'agent.report', subject: { text: 'a "quoted", text' }, agreement: 'match' });
    await formula.close({ exit: 0 });
    const { stdout } = await log('export', directory, '--format', 'csv');
    const lines = stdout.split('\r\n');
    assert.match(lines[0] ?? '', /^seq,time,/);
    assert.ok(lines[1]?.includes('"{""text"":""a \\""quoted\\"", text""}"'));
    assert.doesNotMatch(stdout, /(^|,)"?[=+@-]/m);
  });

  test('a reader that goes away ends the output quietly', async () => {
    const child = spawn(
      '/bin/sh',
      ['-c', '"$0" "$1" log cat "$2" | head -n 1 >/dev/null', process.execPath, CLI, out],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await new Promise((settle) => child.on('close', settle));
    assert.equal(stderr, '');
  });
});
