import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from '../../src/ledger/index.ts';
import { systemClock, systemRandom } from '../../src/system/index.ts';

export interface MadeRun {
  readonly base: string;
  readonly tree: string;
  readonly patch: string;
  readonly policyDigest: string;
}

/** An out directory with a ledger as a run leaves it, without running anything. */
export async function writeRun(out: string, { base, tree, patch, policyDigest }: MadeRun): Promise<void> {
  mkdirSync(out);
  writeFileSync(join(out, 'changes.patch'), patch);
  const ledger = await Ledger.create({
    directory: join(out, 'ledger'),
    runId: '0011223344556677',
    clock: systemClock,
    random: systemRandom,
  });
  await ledger.record({
    kind: 'sandbox.proof',
    subject: { backend: 'bubblewrap', checks: 110, failed: [], holds: true },
  });
  await ledger.record({
    kind: 'run.start',
    subject: {
      agent: { id: 'claude-code', version: '2.0.1' },
      policy: { digest: policyDigest, origins: ['built-in default for claude-code'] },
      base: { commit: base, ref: 'HEAD', origin: 'HEAD' },
      model: { upstream: 'https://model.example.test', keyGiven: true },
      pipeline: { 'cicd.trigger': 'issues', 'vcs.actor': 'dana' },
    },
    committed: { asked: '["claude","-p","do it"]' },
  });
  await ledger.record({
    kind: 'model.request',
    subject: { destination: 'model.example.test:443', model: 'model-1', redactions: [], strippedTools: ['web_search'] },
    decision: { verdict: 'allow', rule: 'model', reason: '', policy: policyDigest },
  });
  await ledger.record({
    kind: 'tool.call',
    subject: { tool: 'Bash' },
    decision: { verdict: 'deny', rule: 'tool', reason: '', policy: policyDigest },
  });
  await ledger.record({ kind: 'file.change', subject: { path: 'a.txt', status: 'modified' } });
  await ledger.record({
    kind: 'sandbox.teardown',
    subject: { clean: true },
    observed: { clean: true, processes: { made: 3, left: [] }, files: { made: 1, left: [] } },
  });
  await ledger.close({
    exit: 0,
    summary: { change: { files: 1, patchSha256: createHash('sha256').update(patch).digest('hex'), tree, withheld: 0 } },
  });
}
