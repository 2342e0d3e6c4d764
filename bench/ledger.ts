/**
 * How fast the ledger takes and checks records of about a KiB, beside two limits measured in the same run on the same
 * bytes: writing them to a file with nothing else, and hashing them one after the other with nothing else.
 * usage: node bench/ledger.ts [--records N] [--rounds N] [--directory DIR]
 */
import { hash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Ledger, type LedgerEvent, verifyLedger } from '../src/ledger/index.ts';

const USAGE = `usage: node bench/ledger.ts [--records N] [--rounds N] [--directory DIR]
  --records N      records in each measurement (100000)
  --rounds N       rounds, interleaved; the median is printed (3)
  --directory DIR  the disk to measure (the system's temporary directory)`;

/** A run has many callers in flight; so many wait at once while the disk is busy. */
const IN_FLIGHT = 4096;
/** Waiting for the disk at every single record is slow; so many are enough to measure it. */
const SINGLE_RECORDS = 2000;

const clock = { now: () => Date.now(), monotonic: () => process.hrtime.bigint() };
const NOTE = 'x'.repeat(370);

function eventOf(index: number): LedgerEvent {
  return {
    kind: 'tool.call',
    subject: {
      argv: ['npm', 'test', '--', String(index)],
      call: `toolu_${index}`,
      cwd: '/workspace/packages/core',
      note: NOTE,
      tool: 'Bash',
    },
    decision: {
      verdict: 'allow',
      rule: 'tool.bash.npm',
      reason: 'npm test is allowed by the policy of the repository',
      policy: `sha256:${'a'.repeat(64)}`,
    },
    observed: { bytes: 12_345, exit: 0, path: '/usr/bin/npm', pid: index },
    agreement: 'match',
  };
}

interface Measurement {
  readonly name: string;
  /** Returns records per second. */
  readonly run: () => Promise<number>;
}

/** Append with a durable record at the end of each group. `inFlight` records may wait at a time. */
async function append(directory: string, records: number, group: number, inFlight: number): Promise<number> {
  rmSync(directory, { recursive: true, force: true });
  const ledger = await Ledger.create({ directory, runId: 'bench', clock, random: randomBytes });
  const before = performance.now();
  for (let index = 0; index < records; index++) {
    const taken = ledger.record(eventOf(index), { durable: index % group === group - 1 });
    if (index % inFlight === inFlight - 1) await taken;
  }
  await ledger.checkpoint();
  const rate = perSecond(records, before);
  await ledger.close({ exit: 0 });
  return rate;
}

async function verify(directory: string): Promise<number> {
  const before = performance.now();
  const report = await verifyLedger(directory);
  if (report.verdict !== 'SIGNED-UNANCHORED') throw new Error(`the log is ${report.verdict}`);
  return perSecond(report.records, before);
}

/** The bytes of a ledger's records, written in blocks of 256 KiB: no hash, no sync, no JSON. */
function writeOnly(source: string, target: string, records: number): number {
  const bytes = readFileSync(source);
  const file = openSync(target, 'w');
  const before = performance.now();
  for (let at = 0; at < bytes.length; at += 262_144) writeSync(file, bytes, at, Math.min(262_144, bytes.length - at));
  const rate = perSecond(records, before);
  closeSync(file);
  return rate;
}

/** SHA-256 over each of the same records, one after the other: no tree, no JSON, no file. */
function hashOnly(source: string): number {
  const bytes = readFileSync(source);
  const before = performance.now();
  let records = 0;
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    hash('sha256', bytes.subarray(start, end));
    records += 1;
  }
  return perSecond(records, before);
}

function perSecond(records: number, before: number): number {
  return (records / (performance.now() - before)) * 1000;
}

function measurements(root: string, records: number): Measurement[] {
  const ledger = join(root, 'ledger');
  const events = join(ledger, 'events.ndjson');
  const single = Math.min(records, SINGLE_RECORDS);
  return [
    { name: 'append, durable each', run: () => append(ledger, single, 1, 1) },
    { name: 'append, durable per 64, each group awaited', run: () => append(ledger, records, 64, 64) },
    { name: 'append, durable per 256, each group awaited', run: () => append(ledger, records, 256, 256) },
    { name: `append, durable per 64, ${IN_FLIGHT} in flight`, run: () => append(ledger, records, 64, IN_FLIGHT) },
    { name: 'verify', run: () => verify(ledger) },
    { name: 'limit: plain write of the same bytes', run: async () => writeOnly(events, join(root, 'plain'), records) },
    { name: 'limit: SHA-256 of the same records', run: async () => hashOnly(events) },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '3' },
      directory: { type: 'string', default: tmpdir() },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const [records, rounds] = [Number(values.records), Number(values.rounds)];
  if (!Number.isInteger(records) || records < 1 || !Number.isInteger(rounds) || rounds < 1) {
    process.exitCode = 2;
    return console.error(USAGE);
  }
  const root = mkdtempSync(join(values.directory, 'sallyport-bench-'));
  try {
    const results = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++)
      for (const { name, run } of measurements(root, records))
        results.set(name, [...(results.get(name) ?? []), await run()]);
    const bytes = readFileSync(join(root, 'ledger', 'events.ndjson')).length / (records + 1);
    console.log(`${records} records of ${Math.round(bytes)} bytes, median of ${rounds} rounds\n`);
    for (const [name, rates] of results)
      console.log(`${name.padEnd(48)}${Math.round(median(rates)).toLocaleString('en').padStart(12)} records/s`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

await main();
