import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CFG_RULES } from '../../../../src/audit/rules/cfg/index.ts';
import { audit, filesOf, findingsOf, mended } from './audited.ts';

const LOUD = new Set(['critical', 'high', 'medium']);
const QUIET_BY_NATURE = new Set(['CFG015', 'CFG021', 'CFG023']);

test('the ids are CFG001 to CFG029 in order, and each name stands once', () => {
  assert.deepEqual(
    CFG_RULES.map(({ id }) => id),
    Array.from({ length: 29 }, (_, index) => `CFG${String(index + 1).padStart(3, '0')}`),
  );
  assert.equal(new Set(CFG_RULES.map(({ name }) => name)).size, CFG_RULES.length);
});

for (const rule of CFG_RULES) {
  test(`${rule.id} reports its attack and lets its benign twin through`, () => {
    const found = findingsOf(rule.id, filesOf(rule.attack));
    assert.ok(found.length > 0, 'the attack is reported');
    assert.ok(QUIET_BY_NATURE.has(rule.id) || found.some(({ severity }) => LOUD.has(severity)), 'loud enough');
    assert.deepEqual(findingsOf(rule.id, filesOf(rule.benign)), []);
  });

  test(`${rule.id} points into the files it reports`, () => {
    const files = filesOf(rule.attack);
    for (const { place, message } of findingsOf(rule.id, files)) {
      const text = files[place.file];
      assert.ok(text !== undefined && place.span.start < place.span.end && place.span.end <= text.length, message);
    }
  });
}

test('a benign twin gives nothing at medium or above by any rule of the family', () => {
  for (const rule of CFG_RULES) {
    const loud = audit(filesOf(rule.benign)).filter(({ severity }) => LOUD.has(severity));
    assert.deepEqual(
      loud.map(({ rule: id, message }) => `${id} ${message}`),
      [],
      rule.id,
    );
  }
});

test('every fix removes the finding it belongs to and makes no new one of its weight', () => {
  for (const rule of CFG_RULES) {
    const files = filesOf(rule.attack);
    const before = audit(files);
    for (const finding of before.filter((one) => one.rule === rule.id && one.fixes !== undefined)) {
      const after = audit(mended(files, finding));
      assert.ok(
        !after.some((one) => one.rule === finding.rule && one.subject === finding.subject),
        `${rule.id} is still there`,
      );
      const fresh = after.filter(
        (one) => LOUD.has(one.severity) && !before.some((old) => old.rule === one.rule && old.subject === one.subject),
      );
      assert.deepEqual(
        fresh.map(({ rule: id, message }) => `${id} ${message}`),
        [],
        rule.id,
      );
    }
  }
});
