/** What is believed of an approval that lies in a file: only what somebody of the trust store signed. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Approval,
  type ApprovalPredicate,
  countApprovals,
  formatBundle,
  makeApprovalStatement,
  readBundle,
  verifyApproval,
} from '../../../src/attest/index.ts';
import { signSsh } from '../../../src/attest/ssh/index.ts';
import { encodeStatement } from '../../../src/attest/statement/subject.ts';
import { signWithHardware } from '../ssh/support/hardware-key.ts';
import {
  CHANGE,
  foundTown,
  hoursAfterNoon,
  NOON,
  predicateOf,
  signedBundle,
  statementBytes,
  type Town,
} from './support/approvals.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

const town = await foundTown(
  [
    { id: 'alice', rest: 'logins: { github: Alice-Acme }' },
    { id: 'bob', rest: 'emails: [bob@example.test]' },
    { id: 'robot', roles: '[runner, gate]' },
    { id: 'carol', validity: ', validFrom: 2026-11-01T00:00:00Z, validUntil: 2026-11-20T11:30:00Z' },
    { id: 'erin', validity: ', validFrom: 2026-11-20T11:30:00Z' },
  ],
  '{ acme/security: [alice] }',
);

async function codeOf(text: string, at = NOON, trust = town.trust): Promise<string> {
  const result = await verifyApproval(text, trust, at);
  return 'fault' in result ? result.fault.code.replace('approval-', '') : 'believed';
}

function bundleOf(id: string, other: Partial<ApprovalPredicate> = {}, of: Town = town): string {
  const person = of.person(id);
  return signedBundle(person, statementBytes(predicateOf(person, other)));
}

async function believed(text: string): Promise<Approval> {
  const result = await verifyApproval(text, town.trust, NOON);
  if ('fault' in result) assert.fail(result.fault.message);
  return result.approval;
}

describe('an approval in a file', () => {
  it('is believed when somebody of the trust store signed it, and says who that is everywhere', async () => {
    const approval = await believed(bundleOf('alice', { roles: ['acme/security'] }));
    assert.deepEqual(approval.names, ['alice', 'alice-acme']);
    assert.deepEqual(approval.roles, ['acme/security']);
    assert.deepEqual(approval.change, CHANGE);
    assert.deepEqual([approval.method, approval.userVerified, approval.decision], ['ssh', false, 'approve']);
    assert.equal(approval.breakGlass, false);
    assert.deepEqual((await believed(bundleOf('bob'))).names, ['bob', 'bob@example.test']);
  });

  it('of the kind that breaks the glass has a type of its own', async () => {
    const alice = town.person('alice');
    const bytes = statementBytes(predicateOf(alice), { breakGlass: true });
    assert.equal((await believed(signedBundle(alice, bytes))).breakGlass, true);
  });

  it('is not believed when it was signed for another purpose', async () => {
    const alice = town.person('alice');
    for (const namespace of ['git', 'file', 'approval@sallyport.example', 'Approval@sallyport'])
      assert.equal(await codeOf(signedBundle(alice, statementBytes(predicateOf(alice)), namespace)), 'signature');
  });

  it('is not believed with the key of nobody, or of somebody who is no approver', async () => {
    const stranger = { ...town.person('alice'), key: generateKeyPairSync('ed25519').privateKey };
    assert.equal(await codeOf(signedBundle(stranger, statementBytes(predicateOf(stranger)))), 'key');
    assert.equal(await codeOf(bundleOf('robot')), 'role');
  });

  it('is not believed when it names another person, key or group than the one that signed', async () => {
    const [alice, bob] = [town.person('alice'), town.person('bob')];
    const { approver } = predicateOf(alice);
    for (const other of [
      { approver: { ...approver, id: 'bob' } },
      { approver: { ...approver, credential: bob.fingerprint } },
      { approver: { ...approver, authenticator: 'passkey' as const } },
      { approver: { ...approver, userVerification: 'required' as const } },
      { roles: ['acme/security', 'acme/billing'] },
    ])
      assert.equal(await codeOf(bundleOf('alice', other)), 'approver', JSON.stringify(other));
    assert.equal(await codeOf(bundleOf('bob', { roles: ['acme/security'] })), 'approver');
  });

  it('is not believed when the key had ended by now, or when it was used, or had not begun', async () => {
    const early = Date.parse('2026-11-20T11:15:00Z');
    assert.equal(await codeOf(bundleOf('carol'), early), 'believed');
    // The signer writes the time of the decision: an old date does not revive a key that has ended.
    assert.equal(await codeOf(bundleOf('carol')), 'validity');
    assert.equal(await codeOf(bundleOf('carol', { decidedAt: hoursAfterNoon(0) }), early), 'validity');
    assert.equal(await codeOf(bundleOf('erin')), 'validity');
    assert.equal(await codeOf(bundleOf('erin', { decidedAt: hoursAfterNoon(0) })), 'believed');
  });

  it('is not believed when it was decided before it was opened, or expires before it was decided', async () => {
    assert.equal(await codeOf(bundleOf('alice', { openedAt: hoursAfterNoon(0) })), 'validity');
    assert.equal(await codeOf(bundleOf('alice', { expiresAt: hoursAfterNoon(-1) })), 'validity');
  });

  it('is not believed when its statement is about two things, or about another one than it says', async () => {
    const alice = town.person('alice');
    const good = makeApprovalStatement({ change: CHANGE, predicate: predicateOf(alice), breakGlass: false });
    const [subject] = good.subject;
    assert.ok(subject);
    const sign = (statement: typeof good): string => signedBundle(alice, encodeStatement(statement));
    assert.equal(await codeOf(sign(good)), 'believed');
    for (const wrong of [
      { ...good, subject: [subject, { name: 'another', digest: { sha256: '0'.repeat(64) } }] },
      { ...good, subject: [{ ...subject, digest: { ...subject.digest, sha256: '0'.repeat(64) } }] },
      { ...good, subject: [{ ...subject, digest: { gitTree: CHANGE.headTree } }] },
      { ...good, subject: [{ ...subject, digest: { ...subject.digest, gitTree: '0'.repeat(40) } }] },
      { ...good, subject: [{ name: subject.name, digest: subject.digest }] },
      { ...good, predicateType: 'https://example.test/approval' },
      { ...good, predicate: { ...good.predicate, targetRef: 'refs/heads/other' } },
      { ...good, predicate: { ...good.predicate, fromID: '0'.repeat(40) } },
      { ...good, predicate: { ...good.predicate, more: true } },
    ])
      assert.equal(await codeOf(sign(wrong)), 'statement', JSON.stringify(wrong));
  });

  it('is not believed without any one field of what was decided', async () => {
    const alice = town.person('alice');
    const good = makeApprovalStatement({ change: CHANGE, predicate: predicateOf(alice), breakGlass: false });
    for (const field of Object.keys(good.predicate)) {
      const predicate = Object.fromEntries(Object.entries(good.predicate).filter(([name]) => name !== field));
      assert.equal(await codeOf(signedBundle(alice, encodeStatement({ ...good, predicate }))), 'statement', field);
    }
  });

  it('is not believed when a byte of its statement was changed', async () => {
    const alice = town.person('alice');
    const bytes = statementBytes(predicateOf(alice));
    const armored = signSsh(bytes, alice.key, 'approval@sallyport');
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      assert.notEqual(await codeOf(formatBundle(changed, { kind: 'ssh', armored })), 'believed', `byte ${at}`);
    }
  });

  it('is not believed in another spelling of the same JSON', async () => {
    const alice = town.person('alice');
    const bytes = statementBytes(predicateOf(alice));
    const spaced = Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), undefined, 1));
    assert.equal(await codeOf(signedBundle(alice, spaced)), 'payload');
    const twice = Buffer.from(bytes.toString().replace('{"_type"', '{"_type":"x","_type"'));
    assert.equal(await codeOf(signedBundle(alice, twice)), 'payload');
  });

  it('signed by a hardware key is believed with a touch, and says whether there was a PIN', async () => {
    for (const flags of [0x01, 0x05]) {
      const { verification, method } = await hardwareApproval(flags);
      assert.ok('approval' in verification, JSON.stringify(verification));
      assert.deepEqual([verification.approval.method, verification.approval.userVerified], [method, flags === 0x05]);
    }
    const untouched = await hardwareApproval(0x00);
    assert.equal('fault' in untouched.verification && untouched.verification.fault.code, 'approval-signature');
  });

  it('is a fault and never an exception, whatever the file holds', async () => {
    const good = bundleOf('alice');
    const parsed = readBundle(good);
    assert.ok(typeof parsed === 'object');
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.string(), fc.nat(good.trimEnd().length - 1), async (json, text, at) => {
        assert.notEqual(await codeOf(json), 'believed');
        assert.notEqual(await codeOf(text), 'believed');
        assert.notEqual(await codeOf(good.slice(0, at)), 'believed');
        const payload = Buffer.from(json).toString('base64');
        assert.notEqual(await codeOf(JSON.stringify({ ...parsed, payload })), 'believed');
      }),
      { numRuns: RUNS },
    );
    assert.equal(await codeOf('x'.repeat(1_000_000)), 'size');
    assert.equal(await codeOf(JSON.stringify({ ...parsed, payloadType: 'text/plain' })), 'bundle');
    assert.equal(await codeOf(JSON.stringify({ ...parsed, more: 1 })), 'bundle');
  });

  it('that a chat or a forge asserts is none: text without a signature counts nowhere', async () => {
    const review = JSON.stringify({ action: 'submitted', review: { state: 'approved', user: { login: 'alice' } } });
    const button = JSON.stringify({ type: 'block_actions', user: 'alice', actions: [{ value: 'approve' }] });
    const claimed = JSON.stringify({ ...JSON.parse(bundleOf('alice')), signature: { kind: 'chat', user: 'alice' } });
    for (const text of [review, button, claimed, 'LGTM', '/approve']) assert.equal(await codeOf(text), 'bundle');
  });

  it('counts after it was verified, and not for the one who asked', async () => {
    const approval = await believed(bundleOf('alice'));
    const input = { approvals: [approval], change: CHANGE, now: hoursAfterNoon(0) };
    const others = { requester: 'dora', author: undefined, lastPusher: undefined };
    assert.equal(countApprovals({ ...input, people: others }).counted.length, 1);
    assert.equal(countApprovals({ ...input, people: { ...others, lastPusher: 'Alice-Acme' } }).counted.length, 0);
  });
});

async function hardwareApproval(flags: number): Promise<{
  readonly verification: Awaited<ReturnType<typeof verifyApproval>>;
  readonly method: Approval['method'];
}> {
  const kind = 'sk-ssh-ed25519@openssh.com';
  const probe = Buffer.from('probe');
  // One key for both calls: the first only tells which key it is.
  const key = generateKeyPairSync('ed25519');
  const { line } = signWithHardware(kind, probe, 'probe', { flags: 1, counter: 1 }, key);
  const yaml = `version: 1\nsigners:\n  - { id: hal, roles: [approver], keys: [{ kind: ssh, publicKey: "${line}" }] }\n`;
  const { readTrustStore } = await import('../../../src/attest/index.ts');
  const trust = await readTrustStore({ path: 'trust.yaml', text: yaml });
  const credential = trust.signers[0]?.keys[0]?.fingerprint ?? '';
  const person = { id: 'hal', key: key.privateKey, fingerprint: credential };
  const approver = {
    id: 'hal',
    authenticator: 'ssh-hardware' as const,
    userVerification: 'not-asked' as const,
    credential,
  };
  const bytes = statementBytes(predicateOf(person, { approver }));
  const { signature } = signWithHardware(kind, bytes, 'approval@sallyport', { flags, counter: 2 }, key);
  const text = formatBundle(bytes, { kind: 'ssh', armored: signature });
  return { verification: await verifyApproval(text, trust, NOON), method: 'ssh-hardware' };
}
