import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../src/broker/egress/refusal.ts';
import { type Subject, TrafficLog } from '../../../src/broker/egress/traffic-log.ts';
import type { LedgerEvent } from '../../../src/ledger/index.ts';
import { createSentinel } from '../../../src/text/index.ts';
import { testPolicy } from '../support/rig.ts';

const SUBJECT: Subject = { target: { host: 'a.test', port: 443, isAddress: false }, passage: 'tunnel' };
const ALLOWED = { verdict: 'allow', rule: 'r', reason: 'allowed' } as const;
const REFUSED = new Refusal('host-not-allowed', 'no rule allows it');

function logOver(record: (event: LedgerEvent) => Promise<void>): TrafficLog {
  return new TrafficLog({
    policy: testPolicy(),
    decide: () => ALLOWED,
    record,
    sentinel: createSentinel([]),
    flows: { add: () => undefined, disclosed: () => undefined },
    clock: { now: () => 0, monotonic: () => 0n },
    random: (length) => Buffer.alloc(length),
  });
}

test('a log that lost a record nobody waited for lets nothing more leave', async () => {
  let isFull = true;
  const log = logOver(async () => {
    if (isFull) throw new Error('disk full');
  });
  log.refuse(SUBJECT, REFUSED);
  await new Promise((turn) => setImmediate(turn));
  isFull = false;
  const outcome = await log.allow(SUBJECT, ALLOWED, {});
  assert.equal(outcome?.code, 'not-recorded');
});

test('equal refusals are recorded up to a number, and what is beyond as a sum', async () => {
  const events: LedgerEvent[] = [];
  const log = logOver(async (event) => {
    events.push(event);
  });
  for (let count = 0; count < 30; count++) log.refuse(SUBJECT, REFUSED);
  await log.finish();
  assert.equal(events.filter(({ kind }) => kind === 'network.request').length, 20);
  assert.deepEqual(events.at(-1)?.subject, { limit: 'egress refusals', count: 10 });
  assert.equal(await log.allow(SUBJECT, ALLOWED, {}), undefined);
});
