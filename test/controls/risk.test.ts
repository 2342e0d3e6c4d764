import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Turnover } from '../../src/controls/code/index.ts';
import { assessChange, type ControlChange, type ControlDiff } from '../../src/controls/index.ts';
import { compare, compareText, loadTools, type Tools } from './trees.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

const row = (
  severity: ControlChange['severity'],
  direction: ControlChange['direction'] = 'weakened',
): ControlChange => ({
  control: 'guard-removed',
  group: 'guard',
  direction,
  severity,
  confidence: 'medium',
  message: 'The check is gone.',
  scope: 'open',
  before: { file: 'a.js', span: { start: 0, end: 1 } },
  after: undefined,
  subject: 'check',
  meta: false,
});
const turnover = (lost: number, found: number, word = 'line'): Turnover => ({
  gone: new Map(lost > 0 ? [[word, lost]] : []),
  come: new Map(found > 0 ? [['new', found]] : []),
  isNew: false,
  loss: row('low', 'changed'),
});
const severity = fc.constantFrom('high', 'medium', 'low') satisfies fc.Arbitrary<ControlChange['severity']>;
const rows = fc.array(
  severity.map((one) => row(one)),
  { maxLength: 6 },
);
const files = fc.array(
  fc.tuple(fc.nat(80), fc.nat(80)).map(([lost, found]) => turnover(lost, found)),
  { maxLength: 5 },
);

describe('the change as a whole', () => {
  const scoreOf = (changes: readonly ControlChange[], turnovers: readonly Turnover[]): number =>
    assessChange(changes, turnovers).score;

  it('scores from 0 to 100, the same every time', () => {
    fc.assert(
      fc.property(rows, files, (changes, turnovers) => {
        const score = scoreOf(changes, turnovers);
        assert.ok(score >= 0 && score <= 100);
        assert.equal(scoreOf(changes.toReversed(), turnovers.toReversed()), score);
      }),
      { numRuns: RUNS },
    );
  });

  it('never scores less for one row more, for more words gone, or for a word of access among them', () => {
    fc.assert(
      fc.property(rows, files, severity, fc.nat(40), (changes, turnovers, more, words) => {
        const score = scoreOf(changes, turnovers);
        assert.ok(scoreOf([...changes, row(more)], turnovers) >= score);
        const [first, ...rest] = turnovers;
        if (first === undefined) return;
        const lost = first.gone.get('line') ?? 0;
        const found = first.come.get('new') ?? 0;
        if (lost + found === 0) return;
        assert.ok(scoreOf(changes, [turnover(lost + words, found), ...rest]) >= score);
        assert.ok(scoreOf(changes, [turnover(lost, found, 'isAdmin'), ...rest]) >= score);
      }),
      { numRuns: RUNS },
    );
  });

  it('counts nothing for what moved or became stronger', () => {
    const quiet = [row('low', 'moved'), row('low', 'strengthened')];
    assert.equal(scoreOf(quiet, [turnover(5, 9)]), scoreOf([], [turnover(5, 9)]));
  });

  it('has one row more only where the whole says more than its parts', () => {
    const loss = [turnover(40, 0, 'isAdmin')];
    const whole = assessChange([row('medium'), row('low')], loss).row;
    assert.equal(whole?.severity, 'high');
    assert.match(
      whole?.message ?? '',
      /^The change takes away 40 words of code in 1 file, `isAdmin` among them, and brings none;/,
    );
    assert.equal(assessChange([row('high')], loss).row, undefined);
    assert.equal(assessChange([], [turnover(40, 0)]).row?.severity, 'medium');
    assert.equal(assessChange([row('medium')], [turnover(10, 8)]).row, undefined);
    assert.equal(assessChange([], [turnover(0, 40, 'isAdmin')]).row, undefined);
    assert.equal(assessChange([row('high')], []).row, undefined);
  });
});

describe('a high risk of the change as a whole', () => {
  const severityOf = (word: string, found: number, ...changes: readonly ControlChange[]): string | undefined =>
    assessChange(changes, [turnover(40, found, word)]).row?.severity;

  it('asks for another row, however quiet, or for a word of access among what is gone', () => {
    assert.equal(severityOf('line', 0), 'medium');
    assert.equal(severityOf('session', 0), 'medium');
    assert.equal(severityOf('isAllowed', 0), 'high');
    assert.equal(severityOf('line', 0, row('low'), row('low')), 'high');
    assert.equal(severityOf('line', 0, row('low', 'strengthened'), row('low', 'moved')), 'medium');
  });

  it('is reached sooner beside a medium row, or where a word of access is among what is gone', () => {
    assert.equal(severityOf('line', 8, row('low')), 'medium');
    assert.equal(severityOf('isAllowed', 8, row('low')), 'high');
    assert.equal(severityOf('isAllowed', 40, row('low', 'strengthened')), undefined);
    assert.equal(severityOf('line', 8, row('medium')), 'high');
  });
});

describe('the change as a whole, in a comparison', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  const place = (body: string): string =>
    `function place(order, stock) {\n${body}  stock.take(order);\n  stock.print(order);\n}\n`;
  const wait = '  if (stock.left < order.count) stock.wait(order, stock.next);\n';
  const list = ({ changes }: ControlDiff): readonly string[] => changes.map((one) => `${one.control} ${one.severity}`);
  const padding = Array.from({ length: 80 }, (_, index) => `  stock.note(${index}, order.field${index});\n`).join('');

  it('reports lines without a telling word that are gone and were replaced by nothing', () => {
    const diff = compareText(tools, 'orders.js', place(wait), place(''));
    assert.deepEqual(list(diff), ['code-taken-away medium']);
    assert.equal(diff.changes[0]?.scope, 'place');
  });

  it('says nothing when the same lines come, when others come, and when they stand in a new file', () => {
    assert.deepEqual(list(compareText(tools, 'orders.js', place(''), place(wait))), []);
    const renamed = place(wait).replaceAll('stock', 'store');
    assert.deepEqual(list(compareText(tools, 'orders.js', place(wait), renamed)), []);
    const moved = { file: 'hold.js', text: `export function hold(order, stock) {\n${wait}}\n` };
    const [old, now] = [
      { file: 'orders.js', text: place(wait) },
      { file: 'orders.js', text: place('') },
    ];
    assert.deepEqual(list(compare(tools, [old], [now, moved])), []);
  });

  it('does not repeat a loss that another row tells of as loudly', () => {
    const check = '  if (!order.user.isAdmin) throw new Forbidden(order.user.name);\n';
    assert.deepEqual(list(compareText(tools, 'orders.js', place(check), place(''))), ['guard-removed high']);
  });

  it('leaves a row as it is, however much new code comes with it, in the same file and in others', () => {
    const check = '  if (!order.user.isAdmin) throw new Forbidden();\n';
    const stranger = { file: 'page.js', text: `export function paint(order, stock) {\n${padding}}\n` };
    const old = [{ file: 'orders.js', text: place(check) }];
    for (const now of [
      [{ file: 'orders.js', text: place('') }, stranger],
      [{ file: 'orders.js', text: place(padding) }, stranger],
    ])
      assert.ok(list(compare(tools, old, now)).includes('guard-removed high'));
  });

  it('scores a check that is taken away above the same check that comes', () => {
    const check = '  if (!order.user.isAdmin) throw new Forbidden();\n';
    const gone = compareText(tools, 'orders.js', place(check), place('')).score;
    const come = compareText(tools, 'orders.js', place(''), place(check)).score;
    assert.ok(gone > 70 && come < 10, `${gone} ${come}`);
  });
});
