/** The vector corpus: logs with what every verifier must say of them. `test/vectors/ledger/README.md` explains. */
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LedgerReport, type VerifyOptions, verifyLedger } from '../../../src/ledger/index.ts';
import { ATTACKS, CHECKPOINT_EVERY } from './attacks.ts';
import { TestWitness } from './forgery.ts';
import { NOT_CANONICAL } from './not-canonical.ts';
import { writeSample } from './sample.ts';

const RECORDS = 26;
/** Neither at a checkpoint nor at an end. */
const ATTACKED = 21;

/** What a vector expects, as `expect.json` says it. */
export interface Expectation {
  readonly name: string;
  readonly verdict: string;
  readonly exit: number;
  readonly records: number;
  readonly root: string;
  /** `check@record`, sorted; `-` where the check is about no single record. */
  readonly failures: readonly string[];
}

export function expectationOf(name: string, report: LedgerReport): Expectation {
  const failures = report.failures.map(({ check, record }) => `${check}@${record ?? '-'}`).sort();
  return { name, verdict: report.verdict, exit: report.exitCode, records: report.records, root: report.root, failures };
}

/** Write the whole corpus. The same bytes every time. */
export async function writeVectors(root: string): Promise<void> {
  mkdirSync(root, { recursive: true });
  const honest = join(root, 'honest', 'log');
  const other = join(root, 'other-run', 'log');
  const sample = { records: RECORDS, checkpointEvery: CHECKPOINT_EVERY };
  const closed = await writeSample(honest, sample);
  await writeSample(other, { ...sample, runId: 'other' });
  await expectation(root, 'honest', 'an honest log', {});
  await expectation(root, 'other-run', 'an honest log of another run', {});

  const derive = (folder: string): string => {
    const log = join(root, folder, 'log');
    cpSync(honest, log, { recursive: true });
    return log;
  };
  derive('remembered');
  await expectation(root, 'remembered', 'an honest log and a checkpoint of it that was kept', {
    remembered: closed.checkpoint,
  });
  const witness = new TestWitness('witness.example/one');
  const trust = `log ${closed.verifierKey}\nwitness one ${witness.verifierKey}\nquorum one\n`;
  writeFileSync(join(derive('witnessed'), 'checkpoint'), witness.cosign(closed.checkpoint));
  await expectation(root, 'witnessed', 'an honest log, cosigned by the quorum', { trust });
  derive('unwitnessed');
  await expectation(root, 'unwitnessed', 'an honest log that the quorum did not cosign', { trust });
  for (const gone of ['salts.ndjson', 'tile']) rmSync(join(derive(`without-${gone}`), gone), { recursive: true });
  await expectation(root, 'without-salts.ndjson', 'an honest log whose committed contents were erased', {});
  await expectation(root, 'without-tile', 'an honest log without its derived tiles', {});

  for (const { name, apply, alone, remembered = alone } of ATTACKS) {
    const folder = name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
    apply({ directory: derive(folder), other, runId: 'sample', at: ATTACKED });
    await expectation(root, folder, name, remembered === alone ? {} : { remembered: closed.checkpoint });
    if (remembered === alone) continue;
    cpSync(join(root, folder, 'log'), join(root, `${folder}-alone`, 'log'), { recursive: true });
    await expectation(root, `${folder}-alone`, `${name} (no checkpoint was kept)`, {});
  }
  writeJson(join(root, 'not-canonical.json'), NOT_CANONICAL);
  // A log is private; its example is for everybody.
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
    chmodSync(join(root, name), statSync(join(root, name)).isDirectory() ? 0o755 : 0o644);
}

async function expectation(root: string, folder: string, name: string, options: VerifyOptions): Promise<void> {
  const directory = join(root, folder);
  if (options.trust !== undefined) writeFileSync(join(directory, 'trust.policy'), options.trust);
  if (options.remembered !== undefined) writeFileSync(join(directory, 'remembered.checkpoint'), options.remembered);
  writeJson(join(directory, 'expect.json'), expectationOf(name, await verifyLedger(join(directory, 'log'), options)));
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
