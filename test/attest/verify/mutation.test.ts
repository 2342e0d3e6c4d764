/** Every field of every statement and bundle, changed in every way: what `verify` says of it. */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { keyBundle } from '../../../src/attest/bundle/bundle.ts';
import { preAuthEncoding } from '../../../src/attest/bundle/pae.ts';
import {
  encodeStatement,
  isFault,
  keySigner,
  matchChange,
  openBundle,
  PAYLOAD_TYPE,
  PREDICATE_ROLES,
  PREDICATES,
  type StatementFault,
} from '../../../src/attest/index.ts';
import { canonicalize } from '../../../src/ledger/index.ts';
import type { JsonObject, JsonValue } from '../../../src/system/index.ts';
import { EXPECTED, hireStaff, NOW, STATEMENTS } from '../scene.ts';
import { mutantsOf, repeatedKeys } from '../support/mutants.ts';

const STAFF = await hireStaff();
const TYPES = [...PREDICATE_ROLES.keys()];

async function faultOf(bundle: JsonValue | string): Promise<StatementFault | undefined> {
  const text = typeof bundle === 'string' ? bundle : JSON.stringify(bundle);
  const opened = await openBundle(Buffer.from(text), STAFF.trust, TYPES, NOW);
  return isFault(opened) ? opened : matchChange(opened, EXPECTED);
}

// Sound: what a seal returns is JSON.
const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;

/** Any payload as the signer of a statement would sign it: what an honest program never makes. */
function resealed(kind: string, payload: JsonValue): JsonValue {
  const key = STAFF.keys[STATEMENTS[kind]?.role ?? ''] ?? assert.fail(kind);
  const { hint } = keySigner(String(key.export({ type: 'pkcs8', format: 'pem' })));
  const bytes = Buffer.from(canonicalize(payload));
  return keyBundle(PAYLOAD_TYPE, bytes, sign('sha256', preAuthEncoding(PAYLOAD_TYPE, bytes), key), hint);
}

/**
 * What a signer may say and nobody can look up: it is the signer's word. Everything that a verifier can find out by
 * itself must not be among it. A new field that is not checked makes the test below fail until somebody decides.
 */
const WORD_OF_THE_SIGNER: { readonly [kind: string]: RegExp } = {
  'ai-change':
    /^predicate\.(dispatch\.requestedBy|agent\.config|producer\.workflow|createdAt|change\.files\[\d\]\.aiLines)/,
  'runtime-trace': /^predicate\.metadata\.statedOn/,
  vulns: /^predicate/,
  reference: /^predicate/,
  inventory: /^predicate/,
  'test-result': /^predicate/,
  verdict:
    /^predicate\.(verifier\.(id|policies\[0\]\.uri)|properties|timeCreated| one more)|^predicate(\.verifier(\.policies\[0\])?)? one more|^predicate\.verifier\.policies one more/,
  'forge-review': /^predicate\.(author|lastPusher|number|repository|forge|readAt|reviews)/,
  summary:
    /^predicate\.(verifier|policy\.uri|inputAttestations|verificationResult|verifiedLevels|slsaVersion|timeVerified)|^predicate(\.policy)? one more/,
};

for (const [kind, { role, statement }] of Object.entries(STATEMENTS)) {
  const bundleOf = async (): Promise<JsonObject> => parse((await STAFF.seal[role]?.(statement)) ?? '{}');

  test(`no field of a ${kind} bundle can be changed, added, left out or written twice`, async () => {
    const bundle = await bundleOf();
    assert.equal(await faultOf(bundle), undefined);
    const accepted: string[] = [];
    for (const { route, value } of mutantsOf(bundle, 'bundle'))
      if (JSON.stringify(value) !== JSON.stringify(bundle) && (await faultOf(value)) === undefined)
        accepted.push(route);
    // The empty key id says nothing, and nothing is what its absence says.
    assert.deepEqual(accepted, ['bundle.dsseEnvelope.signatures[0].keyid removed']);
    for (const { route, value } of repeatedKeys(bundle, 'bundle'))
      assert.equal((await faultOf(value))?.step, 2, `${route}: ${value.slice(0, 200)}`);
  });

  test(`no field of a ${kind} statement can be changed under its signature`, async () => {
    const bundle = await bundleOf();
    const payload = parse(encodeStatement(statement).toString());
    let count = 0;
    for (const { route, value } of mutantsOf(payload, 'statement')) {
      const envelope = parse(JSON.stringify(bundle['dsseEnvelope']));
      const changed = Buffer.from(canonicalize(value)).toString('base64');
      if (changed === envelope['payload']) continue;
      const fault = await faultOf({ ...bundle, dsseEnvelope: { ...envelope, payload: changed } });
      assert.equal(fault?.step, 5, route);
      count += 1;
    }
    assert.ok(count > 40, String(count));
  });

  test(`what a signer of ${kind} can say otherwise is his word alone: all that can be looked up is looked up`, async () => {
    const payload = parse(encodeStatement(statement).toString());
    const said: string[] = [];
    for (const { route, value } of mutantsOf(payload, '')) {
      const path = route.replace(/^\./, '');
      const changed = JSON.stringify(value) !== JSON.stringify(payload);
      if (!changed || value === null) continue;
      const fault = await faultOf(resealed(kind, value));
      if (fault === undefined) said.push(path);
      else assert.ok(fault.step >= 6, `${path}: ${fault.code}`);
    }
    const word = WORD_OF_THE_SIGNER[kind] ?? assert.fail(kind);
    assert.deepEqual(
      said.filter((path) => !word.test(path) && !/^subject\[\d\]\.name /.test(path)),
      [],
    );
    for (const part of ['subject[0].digest', 'subject[0].uri', 'subject[0].annotations', 'predicateType', '_type'])
      assert.ok(!said.some((path) => path.startsWith(part)), part);
  });
}

test('no field of ai-change can be left out, even by its own signer', async () => {
  const { statement } = STATEMENTS['ai-change'] ?? assert.fail();
  const removed = [...mutantsOf(statement.predicate, 'predicate')].filter(
    ({ route, value }) => /\.\w+ removed$/.test(route) && !Array.isArray(value),
  );
  assert.ok(removed.length > 60, String(removed.length));
  for (const { route, value } of removed) {
    // Sound: a field was taken from an object, which leaves one.
    const text = await STAFF.seal['runner']?.({ ...statement, predicate: value as JsonObject });
    assert.notEqual(await faultOf(parse(text ?? '{}')), undefined, route);
  }
});

test('a failed verdict cannot be made one that passed, nor a passed one of somebody else', async () => {
  const { statement } = STATEMENTS['summary'] ?? assert.fail();
  const failed = { ...statement, predicate: { ...statement.predicate, verificationResult: 'FAILED' } };
  const bundle = parse((await STAFF.seal['gate']?.(failed)) ?? '{}');
  const envelope = parse(JSON.stringify(bundle['dsseEnvelope']));
  const payload = Buffer.from(String(envelope['payload']), 'base64').toString().replace('FAILED', 'PASSED');
  const forged = { ...bundle, dsseEnvelope: { ...envelope, payload: Buffer.from(payload).toString('base64') } };
  assert.equal((await faultOf(forged))?.step, 5);
  assert.equal((await faultOf((await STAFF.seal['runner']?.(statement)) ?? ''))?.step, 6);
});

test('there is a statement of every type that a machine signs', () => {
  const people: readonly string[] = [PREDICATES.approval, PREDICATES.breakGlass];
  assert.deepEqual(
    TYPES.filter((type) => !people.includes(type)).sort(),
    Object.values(STATEMENTS)
      .map(({ statement }) => statement.predicateType)
      .sort(),
  );
});
