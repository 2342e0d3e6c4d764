import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CASES, K17 } from './cases.ts';
import { auditOf, pathsOf, rulesOf } from './support.ts';

for (const { name, vulnerable, without, files } of CASES) {
  describe(name, () => {
    it(`is reported as ${vulnerable.join(', ')}`, () => {
      assert.deepEqual(rulesOf(files(() => false)), vulnerable);
    });

    it('is silent with every control', () => {
      assert.deepEqual(rulesOf(files(() => true)), []);
    });

    for (const [control, expected] of Object.entries(without)) {
      it(`without ${control} is exactly ${expected.join(', ')}`, () => {
        assert.deepEqual(rulesOf(files((one) => one !== control)), expected);
      });
    }

    it('is a whole path each time: a beginning, an agent or carrier, an end, a cut for each leg', () => {
      for (const path of pathsOf(files(() => false))) {
        assert.equal(path.legs[0]?.step.role, 'trigger');
        assert.ok(path.legs.length >= 3, path.message);
        assert.ok(path.legs.every(({ cut, id }) => cut.what !== '' && id !== ''));
        assert.equal(new Set(path.legs.map(({ id }) => id)).size, path.legs.length);
      }
    });
  });
}

describe('K17, authorise, patch and publish in three jobs', () => {
  it('has no path, and nothing at medium or above about its agent', () => {
    const { paths } = auditOf(K17);
    assert.deepEqual(
      paths.map(({ rule, message }) => `${rule} ${message}`),
      [],
    );
  });
});
