import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, REASONS } from '../../src/gate/index.ts';
import { compilePolicy, defaultPolicy, type Policy, parsePolicy } from '../../src/policy/index.ts';
import { REASON_CASES } from './reason-cases.ts';
import { codesOf, evidence } from './sample.ts';

async function policyOf(text: string | undefined): Promise<Policy> {
  if (text === undefined) return defaultPolicy('claude-code');
  return compilePolicy({ repository: await parsePolicy(text, 'sallyport.yaml') });
}

for (const { code, name, attack, verdict, benign, policy } of REASON_CASES) {
  test(`${code}: ${name} is a reason, its twin has none`, async () => {
    const compiled = await policyOf(policy);
    const result = judge(attack, compiled);
    const reason = result.reasons.find((one) => one.code === code);
    assert.ok(reason, `${code} is missing in ${codesOf(result).join(' ')}`);
    assert.equal(reason.verdict, verdict);
    assert.ok(reason.evidence.length > 0 && reason.evidence.every((line) => line !== ''));
    assert.equal(reason.places.length, reason.evidence.length);
    assert.notEqual(reason.liftedBy, '');
    assert.notEqual(result.verdict, 'pass');
    assert.ok(!codesOf(judge(benign, compiled)).includes(code));
  });
}

/** Six ways of writing in one line, forwards and backwards: each can be undone before and after each other. */
const MANY_READINGS = Array.from({ length: 1500 }, (_, at) => {
  const line = `"a" + "b${at} \\u0041 &#66; %43 \\u0025 &#37;41 %26#65; %5cu0044 &#92;u0045`;
  return `${line}\n${[...line].reverse().join('')}`;
}).join('\n');
test('GATE040: a text in which more may be encoded than is searched for keys is no pass', async () => {
  const result = judge(evidence({ texts: [{ name: 'message', text: MANY_READINGS }] }), await policyOf(undefined));
  assert.equal(result.reasons.find(({ code }) => code === 'GATE040')?.verdict, 'incomplete');
  const less = MANY_READINGS.slice(0, 2000);
  assert.equal(
    judge(evidence({ texts: [{ name: 'message', text: less }] }), await policyOf(undefined)).verdict,
    'pass',
  );
});

test('every reason of the table has an attack and a twin', () => {
  const covered = new Set(REASON_CASES.map(({ code }) => code));
  assert.deepEqual(
    REASONS.map(({ code }) => code).filter((code) => !covered.has(code)),
    [],
  );
});

test('codes and names of reasons are unique', () => {
  for (const field of ['code', 'name'] as const)
    assert.equal(new Set(REASONS.map((row) => row[field])).size, REASONS.length);
});
