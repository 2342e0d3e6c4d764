import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isBelow, judgeVersion, KNOWN_HOLES, REFUSED_BELOW } from '../../src/agents/claude-code/version-floors.ts';

test('a version is judged by the holes that are open in it', () => {
  const verdicts: readonly (readonly [string | undefined, string])[] = [
    ['2.1.330', 'sound'],
    ['2.1.329', 'sound'],
    ['2.1.328', 'vulnerable'],
    ['2.1.197', 'vulnerable'],
    ['2.1.69', 'vulnerable'],
    ['2.1.68', 'refused'],
    ['1.0.128', 'refused'],
    ['3.0.0', 'sound'],
    [undefined, 'unknown'],
    ['latest', 'unknown'],
    ['2.1', 'unknown'],
    ['2.1.330 (evil)', 'unknown'],
  ];
  for (const [version, verdict] of verdicts) assert.equal(judgeVersion(version).verdict, verdict, version);
});

test('a pre-release counts as older than its release', () => {
  assert.ok(isBelow('2.1.69-beta.1', REFUSED_BELOW));
  assert.ok(!isBelow('2.1.69', '2.1.69-beta.1'));
});

test('a later version never has more holes', () => {
  const number = fc.nat({ max: 400 });
  const version = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), number).map((parts) => parts.join('.'));
  const holes = (text: string): number => KNOWN_HOLES.filter((row) => isBelow(text, row.fixedIn)).length;
  fc.assert(
    fc.property(version, version, (left, right) => {
      assert.ok(isBelow(left, right) ? holes(left) >= holes(right) : holes(left) <= holes(right));
    }),
  );
});
