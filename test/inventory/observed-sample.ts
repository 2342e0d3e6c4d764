import type { ObservedRun } from '../../src/inventory/index.ts';
import { Ledger, type LedgerEvent } from '../../src/ledger/index.ts';
import { seededRandom, steadyClock } from '../ledger/support/sample.ts';

/** What a ledger of the review job would say. */
export function observedSample(): ObservedRun {
  return {
    name: 'run-1',
    verdict: 'SIGNED-UNANCHORED',
    used: true,
    origin: 'sallyport/run-1',
    outcome: 'closed',
    agent: 'claude-code',
    repository: 'acme/app',
    pipeline: 'review',
    job: 'review',
    hosts: ['api.anthropic.com', 'paste.example.test'],
    refusedHosts: ['evil.example.test'],
    models: ['claude-haiku-4-5', 'claude-sonnet-4-5-20250929'],
    tools: [
      { name: 'Bash', calls: 3, denied: 1 },
      { name: 'Read', calls: 2, denied: 0 },
      { name: 'WebFetch', calls: 1, denied: 0 },
    ],
    credentials: ['OTHER_TOKEN'],
    files: ['src/a.ts'],
  };
}

const decision = (verdict: 'allow' | 'deny') =>
  ({ verdict, rule: 'r', reason: 'because', policy: 'sha256:00' }) as const;

const EVENTS: readonly LedgerEvent[] = [
  {
    kind: 'run.start',
    subject: {
      agent: { id: 'claude-code', version: '2.1.300' },
      pipeline: {
        'vcs.repository': 'acme/app',
        'cicd.pipeline.name': 'review',
        'cicd.pipeline.task.name': 'review',
      },
    },
  },
  {
    kind: 'model.request',
    subject: { destination: 'api.anthropic.com:443', endpoint: '/v1/messages', model: 'claude-sonnet-4-5-20250929' },
    decision: decision('allow'),
  },
  {
    kind: 'tool.call',
    subject: { id: '1', tool: 'Bash', input: { command: 'SECRET=hunter2hunter2' } },
    decision: decision('allow'),
  },
  { kind: 'tool.call', subject: { id: '2', tool: 'Bash' }, decision: decision('deny') },
  {
    kind: 'network.request',
    subject: { passage: 'connect', host: 'paste.example.test', port: 443 },
    decision: decision('allow'),
  },
  {
    kind: 'network.request',
    subject: { passage: 'connect', host: 'evil.example.test', port: 443 },
    decision: decision('deny'),
  },
  { kind: 'credential.use', subject: { name: 'NPM_TOKEN', host: 'packages.example.test', port: 443 } },
  { kind: 'file.change', subject: { path: 'src/a.ts', status: 'modified', class: 'source' } },
];

/** Write a real, signed ledger of such a run. */
export async function writeRunLedger(directory: string, runId: string): Promise<void> {
  const ledger = await Ledger.create({ directory, runId, clock: steadyClock(), random: seededRandom(runId) });
  for (const event of EVENTS) await ledger.record(event);
  await ledger.close({ exit: 0, summary: {} });
}
