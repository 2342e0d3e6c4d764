import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  crossPredict,
  type Evidence,
  fitRows,
  type LabelledRecord,
  measureReliability,
  readRecords,
  readTable,
  writeTable,
} from '../../../src/review/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 100);
const EVIDENCE: Evidence = { votes: 1, families: 1, engine: false, verifier: 'none', cwe: 89 };
const ABOUT = { source: 'made for a test', date: '2026-11-21' };

/** So many findings with this evidence, of which so many are right. */
function many(count: number, right: number, more: Partial<LabelledRecord> = {}): readonly LabelledRecord[] {
  return Array.from({ length: count }, (_, index) => {
    return { ...EVIDENCE, repository: `acme/app-${index % 4}`, witness: true, right: index < right, ...more };
  });
}

function tableOf(records: readonly LabelledRecord[]) {
  return readTable({ path: 'table.json', text: writeTable(fitRows(records), ABOUT) });
}

const record = fc.record({
  repository: fc.constantFrom('acme/a', 'acme/b', 'acme/c'),
  cwe: fc.constantFrom(22, 78, 89),
  votes: fc.integer({ min: 1, max: 5 }),
  families: fc.integer({ min: 1, max: 3 }),
  engine: fc.boolean(),
  witness: fc.boolean(),
  verifier: fc.constantFrom('stands' as const, 'refuted' as const, 'needs-evidence' as const, 'none' as const),
  right: fc.boolean(),
});

describe('a calibration table', () => {
  it('gives the share of what was right, drawn to the middle where little is known', () => {
    const table = tableOf([...many(200, 180, { votes: 3 }), ...many(200, 60)]);
    assert.ok(Math.abs(table.probability({ ...EVIDENCE, votes: 3 }) - 0.9) < 0.02);
    assert.ok(Math.abs(table.probability(EVIDENCE) - 0.3) < 0.02);
    const little = tableOf(many(1, 1));
    assert.ok(little.probability(EVIDENCE) < 0.75);
  });

  it('takes families, the verifier and the weakness into account where records tell them apart', () => {
    const table = tableOf([
      ...many(100, 90, { votes: 2, families: 3 }),
      ...many(100, 40, { votes: 2 }),
      ...many(100, 10, { votes: 2, verifier: 'refuted' }),
      ...many(100, 95, { votes: 2, cwe: 78 }),
    ]);
    const two = { ...EVIDENCE, votes: 2 };
    assert.ok(table.probability({ ...two, families: 2 }) > table.probability(two));
    assert.ok(table.probability({ ...two, verifier: 'refuted' }) < 0.2);
    assert.ok(table.probability({ ...two, cwe: 78 }) > 0.85);
    assert.ok(
      Math.abs(table.probability({ ...two, cwe: 9_999 }) - 0.66) < 0.15,
      'the coarser row for what it has not seen',
    );
  });

  it('never has more votes mean less', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 60 }), (records) => {
        const rows = fitRows(records).filter(({ votes, verifier }) => votes !== undefined && verifier === undefined);
        const shares = rows.toSorted((a, b) => (a.votes ?? 0) - (b.votes ?? 0)).map(({ probability }) => probability);
        assert.ok(shares.every((share, index) => index === 0 || share >= (shares[index - 1] ?? 0) - 1e-9));
      }),
      { numRuns: RUNS },
    );
  });

  it('is the same after it was written and read, and every probability is one', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), record, (records, asked) => {
        fc.pre(records.some(({ witness }) => witness));
        const probability = tableOf(records).probability(asked);
        assert.ok(probability >= 0 && probability <= 1);
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves out findings that the bytes do not bear out', () => {
    const wrong = many(100, 0, { witness: false });
    assert.deepEqual(fitRows([...many(10, 10), ...wrong]), fitRows(many(10, 10)));
  });

  it('that is not in the form is refused', () => {
    const good = writeTable(fitRows(many(10, 5)), ABOUT);
    const bad = [
      '',
      '[]',
      good.replace('calibration/1', 'calibration/2'),
      good.replace(/"probability":[\d.]+/, '"probability":1.5'),
      good.replace(/"probability":[\d.]+/, '"probability":"1"'),
      good.replace('"source"', '"script"'),
      good.replace(/"rows": \[.*\]/s, '"rows": []'),
    ];
    for (const text of bad)
      assert.throws(() => readTable({ path: 'table.json', text }), { code: 'SP2307' }, text.slice(0, 200));
  });
});

describe('reliability', () => {
  it('is told with known figures', () => {
    const sure = measureReliability([
      { probability: 1, right: true },
      { probability: 0, right: false },
    ]);
    assert.deepEqual([sure.brier, sure.ece, sure.auc], [0, 0, 1]);
    const coin = measureReliability(many(100, 50).map(({ right }) => ({ probability: 0.5, right })));
    assert.deepEqual([coin.brier, coin.ece, coin.auc], [0.25, 0, 0.5]);
    const vain = measureReliability(many(100, 40).map(({ right }) => ({ probability: 0.95, right })));
    assert.ok(Math.abs(vain.ece - 0.55) < 1e-9);
    assert.deepEqual(
      vain.bins.map(({ from, count }) => [from, count]),
      [[0.9, 100]],
    );
    assert.equal(measureReliability([]).auc, undefined);
  });

  it('comes from tables that have not seen the repository', () => {
    const odd = many(50, 50, { repository: 'acme/odd', cwe: 22 });
    const others = many(200, 20, { cwe: 22 });
    const said = crossPredict([...odd, ...others]).slice(0, 50);
    assert.ok(
      said.every(({ probability }) => probability < 0.2),
      'what is odd about it was not learnt from itself',
    );
    assert.deepEqual(crossPredict(many(10, 5, { repository: 'acme/one' })), []);
  });
});

describe('labelled records', () => {
  it('are read strictly, with the lines that are none', () => {
    const good = '{"repository":"acme/a","cwe":89,"votes":2,"true":true,"file":"a.py","line":3}';
    const { records, faults } = readRecords(
      `${good}\n\n{"cwe":1}\nnot json\n${good.replace('2', '0')}\n${good.replace('"line"', '"confidence"')}\n`,
    );
    assert.equal(records.length, 1);
    assert.deepEqual([records[0]?.witness, records[0]?.verifier, records[0]?.right], [true, 'none', true]);
    assert.deepEqual(
      faults.map(({ line }) => line),
      [3, 4, 5, 6],
    );
  });
});
