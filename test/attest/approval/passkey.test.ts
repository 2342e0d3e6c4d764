/** Approvals by passkey: made in a real browser, checked from their stored parts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import fc from 'fast-check';
import {
  type ApprovalPredicate,
  digestStatement,
  formatBundle,
  type PasskeyAssertion,
  readTrustStore,
  type TrustStore,
  verifyApproval,
} from '../../../src/attest/index.ts';
import { openChromium, type Visitor } from '../../support/chromium.ts';
import { CHANGE, NOON, PRESENTED, predicateOf, statementBytes } from './support/approvals.ts';
import { assertIn, openSite, registerIn, type Site } from './support/site.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 100);
const DECADE = 10 * 365 * 86_400_000;

function challengeOf(bytes: Buffer): string {
  return Buffer.from(digestStatement(bytes), 'hex').toString('base64url');
}

describe('an approval by passkey', () => {
  let visitor: Visitor;
  let site: Site;
  let other: Site;
  let trust: TrustStore;
  let credentialId = '';
  let row = '';

  before(async () => {
    visitor = await openChromium();
    site = await openSite();
    other = await openSite();
    await visitor.page.goto(site.origin);
    const challenge = Buffer.alloc(32, 7).toString('base64url');
    const { credentialId: id, ...response } = await registerIn(visitor.page, challenge);
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response },
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: 'localhost',
    });
    assert.ok(verified);
    credentialId = id;
    const publicKey = Buffer.from(registrationInfo.credential.publicKey).toString('base64url');
    row = `{ kind: passkey, credentialId: ${id}, publicKey: ${publicKey}, rpId: localhost, origin: "${site.origin}" }`;
    trust = await trustWith(row);
  });

  after(async () => {
    await visitor[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  async function trustWith(key: string): Promise<TrustStore> {
    const text = `version: 1\nsigners:\n  - id: alice\n    roles: [approver]\n    keys:\n      - ${key}\n`;
    return readTrustStore({ path: '.sallyport/trust.yaml', text });
  }

  function statement(more: Partial<ApprovalPredicate> = {}): Buffer {
    const person = { id: 'alice', fingerprint: credentialId };
    const approver = {
      id: 'alice',
      authenticator: 'passkey' as const,
      userVerification: 'required' as const,
      credential: credentialId,
    };
    return statementBytes(predicateOf(person, { approver, ...more }));
  }

  async function sign(
    bytes: Buffer,
    at: Site = site,
    userVerification: 'required' | 'discouraged' = 'required',
  ): Promise<PasskeyAssertion> {
    await visitor.page.goto(at.origin);
    return assertIn(visitor.page, { challenge: challengeOf(bytes), credentialId, userVerification });
  }

  async function faultOf(bytes: Buffer, assertion: PasskeyAssertion, store = trust): Promise<string> {
    const result = await verifyApproval(formatBundle(bytes, assertion), store, NOON);
    return 'fault' in result ? `${result.fault.code}: ${result.fault.message}` : 'believed';
  }

  it('is believed from its stored parts alone, also ten years later', async () => {
    const bytes = statement();
    const bundle = formatBundle(bytes, await sign(bytes));
    for (const moment of [NOON, NOON + DECADE]) {
      const result = await verifyApproval(bundle, trust, moment);
      assert.ok('approval' in result, JSON.stringify(result));
      assert.deepEqual(
        [result.approval.approver, result.approval.method, result.approval.userVerified, result.approval.change],
        ['alice', 'passkey', true, CHANGE],
      );
    }
  });

  it('is not believed from a page of another origin', async () => {
    const bytes = statement();
    assert.match(await faultOf(bytes, await sign(bytes, other)), /approval-signature: .*origin/);
  });

  it('is not believed where the trust store names another origin or relying party', async () => {
    const bytes = statement();
    const assertion = await sign(bytes);
    for (const wrong of [
      row.replace(site.origin, other.origin),
      row.replace(site.origin, site.origin.slice(0, -1)),
      row.replace('http://', 'https://'),
      row.replace('rpId: localhost', 'rpId: local'),
    ])
      assert.match(await faultOf(bytes, assertion, await trustWith(wrong)), /approval-signature/, wrong);
  });

  it('is not believed when nobody gave a PIN or a finger', async () => {
    const bytes = statement();
    await visitor.setUserVerified(false);
    try {
      const assertion = await sign(bytes, site, 'discouraged');
      assert.match(await faultOf(bytes, assertion), /approval-signature: .*[Uu]ser verification/);
      await assert.rejects(sign(bytes), /NotAllowedError/);
    } finally {
      await visitor.setUserVerified(true);
    }
  });

  it('is not believed under another statement: the challenge is the digest of one', async () => {
    const bytes = statement();
    const assertion = await sign(bytes);
    assert.match(await faultOf(statement({ reason: 'another' }), assertion), /approval-signature: .*challenge/);
  });

  it('is not believed when what was shown is said to be something else', async () => {
    const bytes = statement();
    const assertion = await sign(bytes);
    for (const presented of [
      {
        ...PRESENTED,
        controls: '0'.repeat(64),
        interface: { name: 'web' as const, version: '1', digest: 'd'.repeat(64) },
      },
      { ...PRESENTED, interface: { name: 'terminal' as const, version: '1', digest: '0'.repeat(64) } },
    ])
      assert.match(await faultOf(statement({ presented }), assertion), /approval-signature: .*challenge/);
  });

  it('is not believed from another passkey, or with a byte changed', async () => {
    const bytes = statement();
    const assertion = await sign(bytes);
    const swapped = { ...assertion, credentialId: `${assertion.credentialId.slice(0, -2)}AA` };
    assert.match(await faultOf(bytes, swapped), /approval-key/);
    for (const field of ['authenticatorData', 'clientDataJSON', 'signature'] as const) {
      const original = Buffer.from(assertion[field], 'base64url');
      for (let at = 0; at < original.length; at += 7) {
        const changed = Buffer.from(original);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        const text = changed.toString('base64url');
        assert.notEqual(await faultOf(bytes, { ...assertion, [field]: text }), 'believed', `${field} ${at}`);
      }
    }
  });

  it('is not believed from a page inside another page', async () => {
    const bytes = statement();
    const assertion = await sign(bytes);
    const data: Record<string, unknown> = JSON.parse(Buffer.from(assertion.clientDataJSON, 'base64url').toString());
    const framed = Buffer.from(JSON.stringify({ ...data, crossOrigin: true })).toString('base64url');
    assert.match(await faultOf(bytes, { ...assertion, clientDataJSON: framed }), /inside another/);
  });

  it('is a fault and never an exception, whatever the authenticator is said to have answered', async () => {
    const bytes = statement();
    const good = await sign(bytes);
    const part = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((some) => Buffer.from(some).toString('base64url'));
    await fc.assert(
      fc.asyncProperty(
        part,
        fc.constantFrom('authenticatorData', 'clientDataJSON', 'signature'),
        async (text, field) => {
          assert.notEqual(await faultOf(bytes, { ...good, [field]: text }), 'believed');
        },
      ),
      { numRuns: RUNS },
    );
  });
});
