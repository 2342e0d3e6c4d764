import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, REASONS } from '../../src/gate/index.ts';
import { compilePolicy, defaultPolicy, type Policy, parsePolicy } from '../../src/policy/index.ts';
import { REASON_CASES } from './reason-cases.ts';
import { codesOf } from './sample.ts';

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
