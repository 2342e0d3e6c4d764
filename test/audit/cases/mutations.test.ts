/** Each control taken alone from a fixed twin brings exactly what it kept away. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { severeRules } from '../whole-program.ts';
import { AGENT_CASES } from './agent-cases.ts';
import { differenceOf, vulnerable, withoutControl } from './case.ts';
import { GATE_CASES } from './gate-cases.ts';
import { HANDED_OVER_CASES } from './handed-over-cases.ts';
import { SURROUNDING_CASES } from './surrounding-cases.ts';

/** A moving tag is no part of these stories. */
const BESIDE: ReadonlySet<string> = new Set(['SUP001', 'AGT007']);

for (const twin of [...AGENT_CASES, ...GATE_CASES, ...HANDED_OVER_CASES, ...SURROUNDING_CASES]) {
  describe(twin.name, () => {
    it('is silent at medium and above with every control', () => {
      assert.deepEqual(
        severeRules(twin.files).filter((rule) => !BESIDE.has(rule)),
        [],
      );
    });

    it(`without any control is ${twin.teaches.join(', ')}, and perhaps more`, () => {
      const found = severeRules(vulnerable(twin));
      assert.deepEqual(
        twin.teaches.filter((rule) => !found.includes(rule)),
        [],
      );
    });

    for (const control of twin.controls) {
      it(`without ${control.name} is exactly ${control.brings.join(', ')}`, () => {
        assert.deepEqual(differenceOf(twin.files, withoutControl(twin.files, control)), {
          comes: control.brings,
          goes: [],
        });
      });
    }
  });
}
