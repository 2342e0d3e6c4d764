import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EVIDENCE_REF } from '../../../src/attest/index.ts';
import { Story } from './story.ts';

/** The statement in a written bundle. */
function statementIn(folder: string, kind: string) {
  const name = readdirSync(folder).find((file) => file.startsWith(`${kind}-`)) ?? assert.fail(kind);
  const bundle = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
}

test('a run is attested with its ledger and patch, as files and in the repository', async () => {
  using story = new Story();
  const out = story.file('bundles');
  const ended = await story.sallyport(
    'attest',
    '--run',
    await story.run(),
    '--key',
    story.file('runner.pem'),
    '--out',
    out,
  );
  assert.equal(ended.code, 0, ended.stderr);
  const statement = statementIn(out, 'ai-change');
  assert.equal(statement.predicate.change.headCommit, story.head);
  assert.deepEqual(statement.predicate.agent.model, { requested: 'model-1', observedAtBroker: ['model-1'] });
  assert.deepEqual(statement.predicate.policy.decisions, { allow: 1, deny: 1, ask: 0, modified: 1 });
  assert.deepEqual(statement.predicate.dispatch.trigger.actor, 'dana');
  assert.deepEqual(statement.predicate.agent.tools, [{ name: 'Bash', allowed: 0, denied: 1 }]);
  assert.match(statement.predicate.agent.promptDigest, /^hmac-sha256:[0-9a-f]{64}$/);
  assert.deepEqual(statement.predicate.dispatch.untrustedInputs, [{ kind: 'issue', uri: null, sha256: null }]);
  assert.deepEqual(statement.predicate.change.files[0].aiLines, [{ from: 1, to: 1 }]);
  const stored = story.repository.git('ls-tree', '-r', '--name-only', EVIDENCE_REF).split('\n');
  const names = stored.map((path) =>
    path.replace(/^.*\/[0-9a-f]{40}-[0-9a-f]{40}\//, '').replace(/-[0-9a-f]{12}\./, '.'),
  );
  assert.deepEqual(names, [
    'ai-change.sigstore.json',
    'run/changes.patch',
    'run/ledger/checkpoint',
    'run/ledger/checkpoints.ndjson',
    'run/ledger/events.ndjson',
    'run/ledger/log.vkey',
    'runtime-trace.sigstore.json',
  ]);
});

test('salts of a ledger are never stored: with them contents could be opened', async () => {
  using story = new Story();
  const out = await story.run();
  writeFileSync(join(out, 'ledger/salts.ndjson'), '{"salt":"00"}\n');
  await story.sallyport('attest', '--run', out, '--key', story.file('runner.pem'));
  assert.doesNotMatch(story.repository.git('ls-tree', '-r', '--name-only', EVIDENCE_REF), /salts/);
});

test('a commit that holds more than the run made is not attested', async () => {
  using story = new Story();
  const out = await story.run();
  story.repository.commit({ 'more.txt': 'more\n' });
  const ended = await story.sallyport('attest', '--run', out, '--key', story.file('runner.pem'));
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /SP2505 the patch of the run does not make/);
  assert.throws(() => story.repository.git('rev-parse', '--verify', '--quiet', EVIDENCE_REF));
});

test('a patch or ledger that was changed is not attested', async () => {
  using story = new Story();
  const out = await story.run();
  const args = ['attest', '--run', out, '--key', story.file('runner.pem')];
  appendFileSync(join(out, 'changes.patch'), '\n');
  assert.match((await story.sallyport(...args)).stderr, /SP2505 the patch is not the one that the ledger names/);
  const events = join(out, 'ledger/events.ndjson');
  writeFileSync(events, readFileSync(events, 'utf8').replace('"deny"', '"allow"'));
  assert.match((await story.sallyport(...args)).stderr, /SP2505 the ledger proves no whole run: INVALID/);
});

test('a verdict is attested with its properties and with what it rests on', async () => {
  using story = new Story();
  await story.attested();
  const out = story.file('verdict');
  await story.sallyport('attest', '--gate', story.gate(), '--key', story.file('gate'), '--out', out, '--no-store');
  const summary = statementIn(out, 'summary');
  assert.deepEqual(summary.predicate.verifiedLevels, [
    'SLSA_SOURCE_LEVEL_1',
    'ORG_SOURCE_SALLYPORT_GATE_PASSED',
    'ORG_SOURCE_SALLYPORT_SANDBOXED',
    'ORG_SOURCE_SALLYPORT_REVIEWED',
    'ORG_SOURCE_SALLYPORT_NO_SECURITY_WEAKENING',
    'ORG_SOURCE_SALLYPORT_HUMAN_APPROVED_2',
  ]);
  assert.equal(summary.predicate.inputAttestations.length, 4);
  assert.equal(statementIn(out, 'verdict').predicateType, 'https://in-toto.io/attestation/svr/v0.2');
});

test('a verdict that did not pass is attested as failed, without a good word', async () => {
  using story = new Story();
  const out = story.file('verdict');
  await story.sallyport('attest', '--gate', story.gate('blocked'), '--key', story.file('gate'), '--out', out);
  const { predicate } = statementIn(out, 'summary');
  assert.deepEqual([predicate.verificationResult, predicate.verifiedLevels], ['FAILED', ['FAILED']]);
  assert.ok(!statementIn(out, 'verdict').predicate.properties.includes('ORG_SOURCE_SALLYPORT_GATE_PASSED'));
});

test('a verdict on another commit or for another branch is not attested', async () => {
  using story = new Story();
  const attest = (gate: string) => story.sallyport('attest', '--gate', gate, '--key', story.file('gate'));
  assert.match((await attest(story.gate('pass', { headCommit: story.base }))).stderr, /SP2505 .*another headCommit/);
  assert.match((await attest(story.gate('pass', { targetRef: 'refs/heads/x' }))).stderr, /SP2505 .*another targetRef/);
});

test('a review is attested as findings and as a test result', async () => {
  using story = new Story();
  const review = story.file('review.json');
  const report = { tool: { version: '0.1.0' }, findings: [{ rule: 'REV01', severity: 'high', fingerprint: 'abc' }] };
  const head = { format: 'sallyport-review/1', verdict: 'fail', state: 'partially-reviewed' };
  writeFileSync(review, JSON.stringify({ ...head, base: story.base, head: story.head, report }));
  const out = story.file('bundles');
  const ended = await story.sallyport('attest', '--review', review, '--key', story.file('runner.pem'), '--out', out);
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(statementIn(out, 'vulns').predicate.scanner.result[0].id, 'REV01');
  const { predicate } = statementIn(out, 'test-result');
  assert.deepEqual([predicate.result, predicate.warnedTests], ['FAILED', ['review: partially-reviewed']]);
});

test('without evidence or without one way to sign it is a usage error', async () => {
  using story = new Story();
  assert.match((await story.sallyport('attest')).stderr, /SP1001 nothing to attest/);
  assert.match((await story.sallyport('attest', '--gate', story.gate())).stderr, /SP1001 say how to sign/);
});
