import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AttackPath, Cut, Leg } from '../../../src/audit/paths/attack-path.ts';
import { cheapestLeg } from '../../../src/audit/paths/attack-path.ts';
import { planCuts } from '../../../src/audit/paths/minimum-cut.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const PLACE = { file: 'a.yml', span: { start: 0, end: 1 } };
const COSTS: readonly Cut['cost'][] = [1, 2, 3, 4, 5];

function leg(id: string, cost: Cut['cost']): Leg {
  return { id, step: { place: PLACE, role: 'propagation', message: id }, cut: { what: `cut ${id}`, cost } };
}

function path(...legs: readonly Leg[]): AttackPath {
  return {
    rule: 'PATH01',
    run: undefined,
    subject: legs.map(({ id }) => id).join(' '),
    message: '',
    detail: '',
    severity: 'high',
    confidence: 'high',
    place: PLACE,
    legs,
  };
}

/** Up to ten legs with a cost each, and paths over them in any order, each leg once in a path. */
const PATHS: fc.Arbitrary<readonly AttackPath[]> = fc
  .array(fc.constantFrom(...COSTS), { minLength: 1, maxLength: 10 })
  .chain((costs) => {
    const legs = costs.map((cost, index) => leg(`leg ${index}`, cost));
    return fc.array(fc.shuffledSubarray(legs, { minLength: 1 }), { minLength: 1, maxLength: 7 });
  })
  .map((all) => all.map((legs) => path(...legs)));

function costOf(paths: readonly AttackPath[]): number {
  return planCuts(paths).cuts.reduce((sum, { cut }) => sum + cut.cost, 0);
}

/** Can somebody get from the beginning of some path to the end of some path, over legs that are left? */
function isConnected(paths: readonly AttackPath[], gone: ReadonlySet<string>): boolean {
  const firsts = paths.flatMap(({ legs }) => legs.slice(0, 1).map(({ id }) => id));
  const lasts = new Set(paths.flatMap(({ legs }) => legs.slice(-1).map(({ id }) => id)));
  const seen = new Set(firsts.filter((id) => !gone.has(id)));
  for (const at of seen) {
    for (const { legs } of paths) {
      const index = legs.findIndex(({ id }) => id === at);
      const next = index < 0 ? undefined : legs[index + 1]?.id;
      if (next !== undefined && !gone.has(next)) seen.add(next);
    }
  }
  return [...seen].some((id) => lasts.has(id));
}

/** The cheapest set of legs that disconnects, by trying all of them. */
function cheapestByTrying(paths: readonly AttackPath[]): number {
  const legs = [...new Map(paths.flatMap((one) => one.legs).map((one) => [one.id, one])).values()];
  let best = Number.POSITIVE_INFINITY;
  for (let choice = 0; choice < 2 ** legs.length; choice++) {
    const chosen = legs.filter((_, index) => ((choice >> index) & 1) === 1);
    const cost = chosen.reduce((sum, { cut }) => sum + cut.cost, 0);
    if (cost < best && !isConnected(paths, new Set(chosen.map(({ id }) => id)))) best = cost;
  }
  return best;
}

describe('the cut plan', () => {
  it('leaves no path whole', () => {
    fc.assert(
      fc.property(PATHS, (paths) => {
        const gone = new Set(planCuts(paths).cuts.map((one) => one.leg.id));
        return paths.every(({ legs }) => legs.some(({ id }) => gone.has(id))) && !isConnected(paths, gone);
      }),
      { numRuns: RUNS },
    );
  });

  it('costs what the cheapest of all sets of legs costs', () => {
    fc.assert(
      fc.property(PATHS, (paths) => costOf(paths) === cheapestByTrying(paths)),
      { numRuns: RUNS },
    );
  });

  it('counts for each cut the paths that it ends, most first', () => {
    const shared = leg('shared', 2);
    const plan = planCuts([path(shared, leg('one', 5)), path(shared, leg('two', 5)), path(leg('own', 1))]);
    assert.deepEqual(
      plan.cuts.map((one) => [one.leg.id, one.ends]),
      [
        ['shared', 2],
        ['own', 1],
      ],
    );
    assert.equal(plan.paths, 3);
  });

  it('prefers two cheap cuts to a dear one that both paths share', () => {
    const shared = leg('shared', 5);
    const plan = planCuts([path(shared, leg('one', 1)), path(shared, leg('two', 2))]);
    assert.deepEqual(plan.cuts.map((one) => one.leg.id).sort(), ['one', 'two']);
  });

  it('is empty where there is nothing to cut', () => {
    assert.deepEqual(planCuts([]), { cuts: [], paths: 0 });
    assert.deepEqual(planCuts([path()]).cuts, []);
  });

  it('does not depend on the order of the paths in what it costs', () => {
    fc.assert(
      fc.property(PATHS, (paths) => costOf(paths) === costOf([...paths].reverse())),
      { numRuns: RUNS },
    );
  });
});

describe('the cheapest leg', () => {
  it('is the one whose cut costs least', () => {
    assert.equal(cheapestLeg(path(leg('one', 3), leg('two', 1), leg('three', 2)))?.id, 'two');
  });

  it('is the earliest of equal ones, because nothing behind it has happened then', () => {
    assert.equal(cheapestLeg(path(leg('one', 3), leg('two', 2), leg('three', 2)))?.id, 'two');
  });

  it('is missing where a path has no legs', () => {
    assert.equal(cheapestLeg(path()), undefined);
  });
});
