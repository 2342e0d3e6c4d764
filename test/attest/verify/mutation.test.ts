import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeStatement,
  isFault,
  matchChange,
  openBundle,
  PREDICATE_ROLES,
  type StatementFault,
} from '../../../src/attest/index.ts';
import { canonicalize } from '../../../src/ledger/index.ts';
import type { JsonObject, JsonValue } from '../../../src/system/index.ts';
import { EXPECTED, hireStaff, NOW, STATEMENTS } from '../scene.ts';

const STAFF = await hireStaff();
const TYPES = [...PREDICATE_ROLES.keys()];

interface Mutant {
  readonly route: string;
  readonly value: JsonValue;
}

/** Every way to change one leaf, to take one field or item away, or to add one. */
function* mutantsOf(value: JsonValue, route: string): Generator<Mutant> {
  if (Array.isArray(value)) {
    // Sound: `isArray` does not narrow a read-only list.
    const items = value as readonly JsonValue[];
    for (const [index, item] of items.entries()) {
      yield { route: `${route}[${index}] removed`, value: items.toSpliced(index, 1) };
      for (const { route: below, value: changed } of mutantsOf(item, `${route}[${index}]`))
        yield { route: below, value: items.with(index, changed) };
    }
    yield { route: `${route} one more`, value: [...items, items[0] ?? 'x'] };
  } else if (typeof value === 'object' && value !== null) {
    const object = value as JsonObject;
    for (const [key, item] of Object.entries(object)) {
      const { [key]: _, ...others } = object;
      yield { route: `${route}.${key} removed`, value: others };
      for (const { route: below, value: changed } of mutantsOf(item, `${route}.${key}`))
        yield { route: below, value: { ...object, [key]: changed } };
    }
    yield { route: `${route} one more`, value: { ...object, zzz: 'x' } };
  } else if (typeof value === 'string') {
    yield { route, value: `${value}x` };
    yield { route, value: '' };
    yield { route, value: flip(value) };
  } else if (typeof value === 'number') yield { route, value: value + 1 };
  else yield { route, value: value === null ? 'x' : !value };
}

/** The same length, another first character of the same kind. */
function flip(text: string): string {
  return `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`;
}

async function faultOf(bundle: JsonValue): Promise<StatementFault | undefined> {
  const opened = await openBundle(Buffer.from(JSON.stringify(bundle)), STAFF.trust, TYPES, NOW);
  return isFault(opened) ? opened : matchChange(opened, EXPECTED);
}

// Sound: what a seal returns is JSON.
const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;

for (const [kind, { role, statement }] of Object.entries(STATEMENTS)) {
  const bundleOf = async (): Promise<JsonObject> => parse((await STAFF.seal[role]?.(statement)) ?? '{}');

  test(`no field of a ${kind} bundle can be changed`, async () => {
    const bundle = await bundleOf();
    assert.equal(await faultOf(bundle), undefined);
    const accepted: string[] = [];
    for (const { route, value } of mutantsOf(bundle, 'bundle'))
      if (JSON.stringify(value) !== JSON.stringify(bundle) && (await faultOf(value)) === undefined)
        accepted.push(route);
    // The empty key id says nothing, and nothing is what its absence says.
    assert.deepEqual(accepted, ['bundle.dsseEnvelope.signatures[0].keyid removed']);
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
