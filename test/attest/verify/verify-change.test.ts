/** One change with all that is stored for it: what a signed pass is worth, and whose keys sign statements. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { formatPublicKey, readTrustStore, type Statement, verifyChange } from '../../../src/attest/index.ts';
import { toSshPublicKey } from '../../../src/attest/ssh/index.ts';
import { summaryStatement } from '../../../src/attest/statement/verdict.ts';
import { checkKeySignature } from '../../../src/attest/verify/check-signature.ts';
import { EXPECTED, GATE, hireStaff, NOW, STATEMENTS } from '../scene.ts';

const STAFF = await hireStaff();
const SUMMARY = STATEMENTS['summary']?.statement ?? assert.fail();
const FAILED = summaryStatement(EXPECTED.content.identity, { ...GATE, passed: false });

async function sealed(role: string, ...statements: readonly Statement[]): Promise<ReadonlyMap<string, Buffer>> {
  const seal = STAFF.seal[role] ?? assert.fail();
  const bundles = await Promise.all(statements.map((statement) => seal(statement)));
  return new Map(bundles.map((text, at) => [`${at}.sigstore.json`, Buffer.from(text)]));
}

type Answer = 'pass' | 'needs-approval' | 'blocked' | 'incomplete';

async function verdictOf(files: ReadonlyMap<string, Buffer>, again: Answer = 'pass', unlisted = 0) {
  const evidence = { ...EXPECTED, files, unlisted, trust: STAFF.trust };
  const { verdict, reasons } = await verifyChange(evidence, async () => ({ verdict: again, reasons: ['again'] }));
  return [verdict, reasons.join('; ')] as const;
}

test('a signed pass is verified when the policy that is applied again says pass, and only then', async () => {
  const files = await sealed('gate', SUMMARY);
  assert.deepEqual(await verdictOf(files), ['verified', '']);
  for (const [again, verdict] of [
    ['needs-approval', 'failed'],
    ['blocked', 'failed'],
    ['incomplete', 'incomplete'],
  ] as const) {
    const [told, reasons] = await verdictOf(files, again);
    assert.deepEqual([told, reasons], [verdict, `step 14: judged again, the change is ${again}; again`]);
  }
});

test('a pass is none without the gate’s signature, beside its own no, or where more is stored than was read', async () => {
  assert.equal((await verdictOf(await sealed('reviewer', SUMMARY)))[0], 'failed');
  assert.equal((await verdictOf(new Map()))[0], 'failed');
  assert.match((await verdictOf(await sealed('gate', SUMMARY, FAILED))).join(' '), /^failed .*did not pass/);
  assert.match(
    (await verdictOf(await sealed('gate', SUMMARY), 'pass', 1)).join(' '),
    /^incomplete 1 more .*--evidence/,
  );
});

test('a statement is signed with P-256 or Ed25519; longer curves and RSA are for approvals alone', async () => {
  const message = Buffer.from('a statement');
  for (const [pair, accepted] of [
    [generateKeyPairSync('ed25519'), true],
    [generateKeyPairSync('ec', { namedCurve: 'P-256' }), true],
    [generateKeyPairSync('ec', { namedCurve: 'P-384' }), false],
    [generateKeyPairSync('rsa', { modulusLength: 2048 }), false],
  ] as const) {
    const line = formatPublicKey(toSshPublicKey(pair.publicKey));
    const text = `version: 1\nsigners:\n  - { id: gate, roles: [gate], keys: [{ kind: ssh, publicKey: "${line}" }] }\n`;
    const trust = await readTrustStore({ path: 'trust.yaml', text });
    const fingerprint = trust.signers[0]?.keys[0]?.fingerprint ?? assert.fail();
    const isEd25519 = pair.privateKey.asymmetricKeyType === 'ed25519';
    const signature = sign(isEd25519 ? null : 'sha256', message, pair.privateKey);
    const found = checkKeySignature(message, signature, fingerprint, trust, NOW);
    assert.equal('signer' in found, accepted, line.slice(0, 30));
    if ('step' in found) assert.equal(found.code, 'signature/unknown-key');
  }
});
