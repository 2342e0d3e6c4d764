/** Logs to test with: the same bytes every time, and both verifiers on whatever became of them. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClosedLedger,
  Ledger,
  type LedgerEvent,
  type LedgerReport,
  type VerifyOptions,
  verifyLedger,
} from '../../../src/ledger/index.ts';
import type { Clock, RandomBytes } from '../../../src/system/index.ts';

/** A clock that moves one millisecond each time it is asked. */
export function steadyClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): Clock {
  let ticks = 0;
  return { now: () => start + ticks++, monotonic: () => BigInt(ticks++) * 1_000_000n };
}

/** Bytes that look random and are the same for the same seed. */
export function seededRandom(seed: string): RandomBytes {
  let count = 0;
  return (length) => {
    const blocks: Buffer[] = [];
    while (blocks.length * 32 < length) blocks.push(hash('sha256', `${seed}/${count++}`, 'buffer'));
    return Buffer.concat(blocks).subarray(0, length);
  };
}

/** A directory that is gone when the test ends. */
export function temporaryDirectory(t: { after: (fn: () => void) => void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-ledger-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An event like those of a run; every tenth commits to a content. */
export function sampleEvent(index: number): LedgerEvent {
  const event: LedgerEvent = {
    kind: index % 3 === 0 ? 'tool.call' : index % 3 === 1 ? 'network.request' : 'file.change',
    subject: {
      call: `call-${index}`,
      tool: 'Bash',
      argv: ['npm', 'test', '--', `unit-${index}`],
      unicode: 'ä€😀\u2028',
    },
    decision: {
      verdict: index % 7 === 0 ? 'deny' : 'allow',
      rule: 'tool.bash',
      reason: 'as the policy says',
      policy: 'sha256:00',
    },
    observed: { exit: 0, bytes: index * 1000, ratio: index / 8 },
    agreement: 'match',
  };
  return index % 10 === 0 ? { ...event, committed: { prompt: `what the agent was told, ${index}` } } : event;
}

export interface SampleOptions {
  readonly records?: number;
  readonly runId?: string;
  /** A signed checkpoint after every so many records. */
  readonly checkpointEvery?: number;
}

/** Write a log of `records` sample records and the final one. The same options give the same bytes. */
export async function writeSample(directory: string, options: SampleOptions = {}): Promise<ClosedLedger> {
  const { records = 60, runId = 'sample', checkpointEvery = 20 } = options;
  const ledger = await Ledger.create({ directory, runId, clock: steadyClock(), random: seededRandom(runId) });
  for (let index = 0; index < records; index++) {
    await ledger.record(sampleEvent(index));
    if ((index + 1) % checkpointEvery === 0) await ledger.checkpoint();
  }
  return ledger.close({ exit: 0, summary: { denied: 3 } });
}

interface SecondReport {
  readonly verdict: string;
  readonly records: number;
  readonly root: string;
  readonly failures: readonly { readonly check: string; readonly record?: number }[];
}

interface SecondVerifier {
  readonly Verification: new (directory: string, trust: unknown, remembered: unknown) => { run(): SecondReport };
  readonly parseTrust: (text: string) => unknown;
  readonly parseCheckpoint: (text: string) => unknown;
}

const SECOND = new URL('../../../docs/formats/verify-ledger.mjs', import.meta.url).href;

/** The report of our verifier, after the second implementation said the same of every record and in the same words. */
export async function verifyTwice(directory: string, options: VerifyOptions = {}): Promise<LedgerReport> {
  const report = await verifyLedger(directory, options);
  // The offline verifier is plain JavaScript without types; these are the names that it exports.
  const second = (await import(SECOND)) as SecondVerifier;
  const trust = options.trust === undefined ? undefined : second.parseTrust(options.trust);
  const remembered = options.remembered === undefined ? undefined : second.parseCheckpoint(options.remembered);
  const other = new second.Verification(directory, trust, remembered).run();
  const places = (failures: SecondReport['failures']): string[] =>
    failures.map(({ check, record }) => `${check}@${record ?? '-'}`).sort();
  assert.deepEqual(
    { verdict: other.verdict, records: other.records, root: other.root, failures: places(other.failures) },
    { verdict: report.verdict, records: report.records, root: report.root, failures: places(report.failures) },
    'the two verifiers disagree',
  );
  return report;
}
