import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { GRAMMARS, type Grammars, loadGrammars } from '../../../src/code/index.ts';
import { compareCode, reconcileMoves } from '../../../src/controls/code/index.ts';
import type { ControlChange } from '../../../src/controls/index.ts';

describe('the balance of what a change takes away and brings', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(GRAMMARS);
  });
  after(() => grammars[Symbol.dispose]());

  const compare = (old: string, now: string, path = 'orders.js'): readonly ControlChange[] =>
    compareCode({ path, previousPath: undefined, before: { path, text: old }, after: { path, text: now } }, grammars)
      .changes;
  const rows = (changes: readonly ControlChange[]): readonly string[] =>
    changes.map(({ control, severity }) => `${control} ${severity}`);

  const place = (body: string): string =>
    `function place(order, stock) {\n${body}  stock.take(order);\n  stock.print(order);\n}\n`;
  const wait = '  if (stock.left < order.count) stock.wait(order, stock.next);\n';

  it('reports lines without a telling word that are gone and were replaced by nothing', () => {
    assert.deepEqual(rows(compare(place(wait), place(''))), ['code-taken-away medium']);
  });

  it('says nothing when the same lines come', () => {
    assert.deepEqual(rows(compare(place(''), place(wait))), []);
  });

  it('says nothing when as much came as went, other names included', () => {
    assert.deepEqual(rows(compare(place(wait), place(wait).replaceAll('stock', 'store'))), []);
  });

  it('does not count comments, blanks and the order of functions', () => {
    const other = 'function count(list) {\n  return list.sum(2);\n}\n';
    const now = `// every order, and why it waits\n${other}\n\n${place(wait)}`;
    assert.deepEqual(rows(compare(`${place(wait)}${other}`, now)), []);
  });

  it('does not repeat a loss that another class tells of', () => {
    const check = '  if (!order.user.isAdmin) throw new Forbidden(order.user.name);\n';
    assert.deepEqual(rows(compare(place(check), place(''))), ['guard-removed high']);
  });

  it('raises a check of middling weight that went without anything in its place', () => {
    const check = '  if (pattern.exec(order.header) !== null) throw new RangeError(order.header);\n';
    const instead =
      '  stock.prepare(order.first, order.second, order.third, order.fourth, order.fifth, order.sixth);\n';
    const severityOf = (now: string): string | undefined =>
      compare(place(check), place(now)).find(({ control }) => control === 'guard-removed')?.severity;
    assert.equal(severityOf(''), 'high');
    assert.equal(severityOf(instead), 'medium');
  });

  it('does not lower a check that is certainly gone, however much new code came with it', () => {
    const check = '  if (!order.user.isAdmin) throw new Forbidden();\n';
    const padding = Array.from({ length: 80 }, (_, index) => `  stock.note(${index}, order.field${index});\n`).join('');
    const found = compare(place(check), place(padding)).find(({ control }) => control === 'guard-removed');
    assert.equal(found?.severity, 'high');
  });

  it('gives less weight to a function that nobody in the file called', () => {
    const own = 'function tokenOf(user) {\n  return lookup(user.token);\n}\n';
    const called = (name: string): string => `function open(user) {\n  return go(${name});\n}\n`;
    const severityOf = (old: string, now: string): string | undefined =>
      compare(old, now).find(({ control }) => control === 'function-removed')?.severity;
    assert.equal(severityOf(`${own}${called('user')}`, called('user')), 'low');
    assert.equal(severityOf(`${own}${called('tokenOf(user)')}`, called('user')), 'high');
  });

  it('counts less what left a file for another one', () => {
    const own = 'export function sumOf(list) {\n  return list.total(list.first, list.last, list.length);\n}\n';
    const token =
      'export function tokenOf(user) {\n  return lookup(user.token, user.first, user.last, user.second, user.third);\n}\n';
    const gone = compare(own + token, own, 'a.js');
    assert.deepEqual(rows(gone), ['function-removed low', 'code-taken-away medium']);
    const changes = reconcileMoves([...gone, ...compare(own, own + token, 'b.js')]);
    assert.deepEqual(rows(changes), ['function-moved low', 'code-taken-away low', 'function-added low']);
  });

  it('does not count words of access in a file that grows', () => {
    const end = '  stock.end(order.sessions);\n';
    const instead = Array.from({ length: 8 }, (_, index) => `  stock.turn(order.page${index});\n`).join('');
    const counts = (now: string): boolean =>
      compare(place(end), place(now)).some(({ control }) => control === 'security-code-shrunk');
    assert.equal(counts(''), true);
    assert.equal(counts(instead), false);
  });

  it('never reports both directions of one change as taken away', () => {
    const line = fc.constantFrom(
      wait,
      '  stock.turn(order);\n',
      '  order.count = 3;\n',
      '  stock.left = order.next();\n',
    );
    const body = fc.array(line, { maxLength: 6 }).map((lines) => place(lines.join('')));
    const takesAway = (one: string, other: string): boolean =>
      compare(one, other).some(({ control }) => control === 'code-taken-away');
    fc.assert(
      fc.property(body, body, (one, other) => !(takesAway(one, other) && takesAway(other, one))),
      { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40) },
    );
  });
});
