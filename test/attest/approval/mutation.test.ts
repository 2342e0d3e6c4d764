/** Every field of an approval, in the file and under the signature, changed in every way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countApprovals, digestPresented, formatBundle, verifyApproval } from '../../../src/attest/index.ts';
import { canonicalize } from '../../../src/ledger/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { mutantsOf, repeatedKeys } from '../support/mutants.ts';
import {
  CHANGE,
  foundTown,
  hoursAfterNoon,
  NOON,
  PRESENTED,
  predicateOf,
  signedBundle,
  statementBytes,
} from './support/approvals.ts';

const TOWN = await foundTown([{ id: 'alice' }, { id: 'bob' }]);
const ALICE = TOWN.person('alice');
const BYTES = statementBytes(predicateOf(ALICE));
const BUNDLE = signedBundle(ALICE, BYTES);

// Sound: we wrote it.
const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;

const faultOf = async (text: string): Promise<number | undefined> => {
  const result = await verifyApproval(text, TOWN.trust, NOON);
  return 'fault' in result ? result.fault.step : undefined;
};

test('no field of the file can be changed, added, left out or written twice', async () => {
  assert.equal(await faultOf(BUNDLE), undefined);
  const accepted: string[] = [];
  for (const { route, value } of mutantsOf(parse(BUNDLE), 'bundle'))
    if (JSON.stringify(value) !== JSON.stringify(parse(BUNDLE)) && (await faultOf(JSON.stringify(value))) === undefined)
      accepted.push(route);
  // Text behind the armour's end is no part of the signature for `ssh-keygen` either.
  assert.deepEqual(
    accepted.filter((route) => route !== 'bundle.signature.armored longer'),
    [],
  );
  for (const { route, value } of repeatedKeys(parse(BUNDLE), 'bundle')) assert.equal(await faultOf(value), 2, route);
});

test('no field of the statement can be changed under its signature', async () => {
  const { signature } = parse(BUNDLE) as { readonly signature: Parameters<typeof formatBundle>[1] }; // We wrote it.
  let count = 0;
  for (const { route, value } of mutantsOf(parse(BYTES.toString()), 'statement')) {
    const bytes = Buffer.from(canonicalize(value));
    if (bytes.equals(BYTES)) continue;
    const step = await faultOf(formatBundle(bytes, signature));
    assert.ok(step !== undefined && step <= 5, `${route}: ${step}`);
    count += 1;
  }
  assert.ok(count > 100, String(count));
});

/** What a person may say otherwise, and is then bound to: everything else must be as it was found. */
const WORD_OF_THE_PERSON =
  /^\.predicate\.(scope|reason|requester|changeDigest|roles|nonce|presented\.interface|(?:opened|decided|expires)At|approver\.userVerification)|^\.subject\[0\]\.name/;

test('whatever else a person signs, the approval counts only for the change, the evidence and the person that are found', async () => {
  const statement = parse(BYTES.toString());
  for (const { route, value } of mutantsOf(statement, '')) {
    if (JSON.stringify(value) === JSON.stringify(statement)) continue;
    const result = await verifyApproval(signedBundle(ALICE, Buffer.from(canonicalize(value))), TOWN.trust, NOON);
    if ('fault' in result || WORD_OF_THE_PERSON.test(route)) continue;
    const { counted } = countApprovals({
      approvals: [result.approval],
      change: CHANGE,
      people: { requester: 'dora', author: 'dora', lastPusher: 'dora' },
      presented: digestPresented(PRESENTED),
      now: hoursAfterNoon(0),
    });
    assert.deepEqual(counted, [], route);
  }
});

test('a replayed approval counts once, and for nothing else', async () => {
  const result = await verifyApproval(BUNDLE, TOWN.trust, NOON);
  assert.ok('approval' in result);
  const { approval } = result;
  const input = { people: { requester: 'dora', author: 'dora', lastPusher: 'dora' }, now: hoursAfterNoon(0) };
  const count = (change: typeof CHANGE, ...approvals: readonly (typeof approval)[]) =>
    countApprovals({ ...input, approvals, change }).counted.length;
  assert.equal(count(CHANGE, approval, approval), 1);
  const fields: readonly (keyof typeof CHANGE)[] = ['repository', 'targetRef', 'baseCommit', 'headCommit', 'headTree'];
  for (const field of fields) assert.equal(count({ ...CHANGE, [field]: `${CHANGE[field]}0` }, approval), 0, field);
  const reused = { ...approval, statement: '0'.repeat(64) };
  assert.equal(count(CHANGE, approval, reused), 0, 'one nonce for two statements');
});
