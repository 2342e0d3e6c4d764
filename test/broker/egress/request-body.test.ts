import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { EGRESS_LIMITS, EgressBudget } from '../../../src/broker/egress/budget.ts';
import { Refusal } from '../../../src/broker/egress/refusal.ts';
import { readBody } from '../../../src/broker/egress/request-body.ts';

const ROOM = 10;

/** A request as Node's server hands it over, whose body the test sends, and a gate with room for ten bytes. */
function openRequest(requestMs: number) {
  const request = new IncomingMessage(new Socket());
  const limits = { ...EGRESS_LIMITS, heldBytes: ROOM, requestMs };
  const budget = new EgressBudget(limits);
  return { request, budget, reading: readBody(request, budget, limits) };
}

/** Whether nothing is held any more, after the turns that an event takes. */
async function isAllGivenBack({ held }: EgressBudget): Promise<boolean> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  return held.take(ROOM);
}

test('a body that is whole only when its time is over is not held any longer', async () => {
  const { request, budget, reading } = openRequest(20);
  request.push('123456789');
  const answer = await reading;
  assert.ok(answer instanceof Refusal);
  assert.equal(answer.code, 'request-timeout');
  request.push('0');
  request.push(null);
  assert.ok(await isAllGivenBack(budget));
});

test('a body that breaks off after its time is not held any longer', async () => {
  const { request, budget, reading } = openRequest(20);
  request.push('123456789');
  assert.ok((await reading) instanceof Refusal);
  request.destroy();
  assert.ok(await isAllGivenBack(budget));
});

test('a body that comes in time stays held until the caller gives it back', async () => {
  const { request, budget, reading } = openRequest(60_000);
  request.push('1234567890');
  request.push(null);
  const answer = await reading;
  assert.ok(!(answer instanceof Refusal));
  assert.equal(await isAllGivenBack(budget), false);
  budget.held.giveBack(answer.bytes.length);
  assert.ok(await isAllGivenBack(budget));
});
