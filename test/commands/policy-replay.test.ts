/** `sallyport policy replay`: what another policy would have decided on a run. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ADAPTERS } from '../../src/agents/index.ts';
import { replayRun } from '../../src/commands/policy/replay-run.ts';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { compilePolicy, parsePolicy } from '../../src/policy/index.ts';
import { writeRun } from '../gate/origin/ledger-sample.ts';
import { openRepository } from './support/repository.ts';

const allowed = { verdict: 'allow' as const, rule: 'default', reason: 'it is allowed', policy: '' };
const denied = { ...allowed, verdict: 'deny' as const };

const EVENTS: readonly LedgerEvent[] = [
  { kind: 'tool.call', subject: { id: '1', tool: 'Bash', input: { command: 'npm test' } }, decision: allowed },
  { kind: 'tool.call', subject: { id: '2', tool: 'Write', input: { file_path: 'infra/a.tf' } }, decision: allowed },
  { kind: 'tool.call', subject: { id: '3', tool: 'Read', input: { file_path: 'src/a.ts' } }, decision: allowed },
  {
    kind: 'network.request',
    subject: { passage: 'tunnel', host: 'docs.example.test', port: 443, method: 'CONNECT' },
    decision: { ...denied, rule: 'egress/host-not-allowed' },
  },
  {
    kind: 'network.request',
    subject: { passage: 'inspected', host: 'docs.example.test', port: 443, method: 'POST', path: '/x' },
    decision: { ...denied, rule: 'egress/secret-in-request' },
  },
  { kind: 'model.request', subject: { model: 'claude-sonnet-5', endpoint: '/v1/messages' }, decision: allowed },
  { kind: 'tool.call', subject: { id: '4', tool: 'Write', input: 'cut', truncated: true }, decision: allowed },
];

const POLICY = `version: 1
tool: { allow: [Read, Write] }
file: { write: { allow: ["src/**"] } }
network: { allow: [docs.example.test] }
`;

async function replay(text: string, events: readonly LedgerEvent[] = EVENTS) {
  const policy = await compilePolicy({
    repository: await parsePolicy(text, 'new.yaml'),
    agent: 'claude-code',
    workspaceRoot: '/build/app',
  });
  const adapter = ADAPTERS.find(({ id }) => id === 'claude-code');
  // The fields that a stored record has besides are of no matter here.
  const records = events.map(({ kind, subject, decision }, sequence) => {
    return { sequence, record: { kind, subject, ...(decision ? { decision: { ...decision } } : {}) } };
  });
  return replayRun(records, policy, (name, input) => adapter?.actions({ id: '', name, input }, '/build/app') ?? []);
}

test('what would have gone another way is named with the rule that decides', async () => {
  const { decided, fixed, unreadable, changed } = await replay(POLICY);
  assert.deepEqual({ decided, fixed, unreadable }, { decided: 5, fixed: 1, unreadable: 1 });
  assert.deepEqual(
    changed.map(({ sequence, plane, was, now }) => [sequence, plane, was.verdict, now.verdict]),
    [
      [0, 'tool', 'allow', 'deny'],
      [1, 'tool', 'allow', 'deny'],
      [3, 'network', 'deny', 'allow'],
    ],
  );
  assert.match(changed[2]?.now.rule ?? '', /docs\.example\.test/);
});

test('a refusal that is not of a policy is never replayed as granted', async () => {
  const { changed } = await replay('version: 1\nnetwork: { allow: [docs.example.test] }\ntool: { allow: ["*"] }\n');
  assert.ok(!changed.some(({ sequence }) => sequence === 4));
});

test('the session of the replay grows as the new policy lets it', async () => {
  const fetch = { ...allowed, rule: 'x' };
  const events: readonly LedgerEvent[] = [
    {
      kind: 'tool.call',
      subject: { id: '1', tool: 'WebFetch', input: { url: 'https://docs.example.test/' } },
      decision: fetch,
    },
    { kind: 'tool.call', subject: { id: '2', tool: 'Read', input: { file_path: '.env' } }, decision: fetch },
    { kind: 'network.request', subject: { passage: 'tunnel', host: 'docs.example.test', port: 443 }, decision: fetch },
  ];
  const open = await replay(
    'version: 1\ntool: { allow: [WebFetch, Read] }\nnetwork: { allow: [docs.example.test] }\n',
    events,
  );
  assert.deepEqual(
    open.changed.map(({ now }) => now.rule),
    ['builtin/no-egress-after-secret'],
  );
  // Without the fetch nothing untrusted was seen, so the secret alone closes nothing.
  const narrow = await replay('version: 1\ntool: { allow: [Read] }\nnetwork: { allow: [docs.example.test] }\n', events);
  assert.deepEqual(
    narrow.changed.map(({ sequence }) => sequence),
    [0],
  );
});

test('the command reads ledgers and answers in JSON, and 3 means that something could not be decided again', async () => {
  using repository = openRepository();
  const out = mkdtempSync(join(tmpdir(), 'replay-out-'));
  try {
    await writeRun(join(out, 'ledger'), { events: EVENTS });
    const policy = join(out, 'new.yaml');
    writeFileSync(policy, POLICY);
    const { code, stdout, stderr } = repository.sallyport(
      'policy',
      'replay',
      out,
      '--policy',
      policy,
      '--format',
      'json',
    );
    assert.equal(code, 3, stderr);
    const answer: { runs: readonly { ledger: string; changed: readonly unknown[] }[]; byRule: object } =
      JSON.parse(stdout);
    assert.equal(answer.runs[0]?.ledger, 'SIGNED-UNANCHORED');
    assert.equal(answer.runs[0]?.changed.length, 3);
    assert.equal(Object.keys(answer.byRule).length, 2);
    await writeRun(join(out, 'whole'), { events: EVENTS.slice(0, 3) });
    const text = repository.sallyport('policy', 'replay', join(out, 'whole'), '--policy', policy);
    assert.equal(text.code, 0);
    assert.match(text.stdout, /would be refused/);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
