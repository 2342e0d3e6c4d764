import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GRAMMARS, type Grammars, loadGrammars } from '../../../src/code/index.ts';
import { compareCode, type Loss, sumTurnovers } from '../../../src/controls/code/index.ts';

type Sides = readonly [path: string, before: string | undefined, after: string | undefined];

describe('what a change takes away and brings', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(GRAMMARS);
  });
  after(() => grammars[Symbol.dispose]());

  const measure = (...files: readonly Sides[]): Loss =>
    sumTurnovers(
      files.flatMap(([path, old, now]) => {
        const side = (text: string | undefined) => (text === undefined ? undefined : { path, text });
        const pair = { path, previousPath: undefined, before: side(old), after: side(now) };
        return compareCode(pair, grammars).turnover ?? [];
      }),
    );
  const words = (...files: readonly Sides[]): readonly [number, number] => {
    const { lost, found } = measure(...files);
    return [lost, found];
  };

  const place = (body: string): string =>
    `function place(order, stock) {\n${body}  stock.take(order);\n  stock.print(order);\n}\n`;
  const wait = '  if (stock.left < order.count) stock.wait(order, stock.next);\n';

  it('counts names, texts and numbers on the side on which they are more', () => {
    assert.deepEqual(words(['a.js', place(wait), place('')]), [9, 0]);
    assert.deepEqual(words(['a.js', place(''), place(wait)]), [0, 9]);
    assert.deepEqual(words(['a.js', place("  stock.set('a', 1);\n"), place("  stock.set('b', 2);\n")]), [2, 2]);
  });

  it('does not count comments, blanks and the order of functions', () => {
    const other = 'function count(list) {\n  return list.sum(2);\n}\n';
    const now = `// every order, and why it waits\n${other}\n\n${place(wait)}`;
    assert.deepEqual(words(['a.js', `${place(wait)}${other}`, now]), [0, 0]);
    assert.deepEqual(measure(['a.js', `${place(wait)}${other}`, now]).shares, []);
  });

  it('adds up files, and names the first thing that went from the one that loses most', () => {
    const loss = measure(['a.js', place(wait), place('')], ['b.js', place(''), place(wait + wait)]);
    assert.deepEqual([loss.lost, loss.found, loss.shrunken, loss.shares.length], [9, 18, 1, 2]);
    assert.equal(loss.example?.after?.file, 'a.js');
    assert.match(loss.example?.subject ?? '', /^stock.left < order.count/);
  });

  it('names a word of access among what is gone, and none when it stays', () => {
    const revoke = '  stock.drop(order.permission);\n';
    assert.equal(measure(['a.js', place(revoke), place('')]).access, 'permission');
    assert.equal(measure(['a.js', place(wait), place('')]).access, undefined);
    assert.equal(measure(['a.js', place(revoke), place('  stock.keep(order.permission);\n')]).access, undefined);
  });

  it('takes words that ordinary work loses as often for no words of access', () => {
    assert.equal(measure(['a.js', place('  stock.keep(order.token, order.session);\n'), place('')]).access, undefined);
    assert.equal(measure(['a.js', place("  stock.hold(require('./credentials'));\n"), place('')]).access, undefined);
    assert.equal(
      measure(['a.js', place('  stock.hold(order.requirePermission);\n'), place('')]).access,
      'requirePermission',
    );
  });

  it('leaves out a function that is gone as a whole and that nothing used, and counts one that something used', () => {
    const count = 'function count(list) {\n  return list.sum(2);\n}\n';
    assert.deepEqual(words(['a.js', `${place('')}${count}`, place('')]), [0, 0]);
    const [used] = words(['a.js', `${place('  count(stock.list);\n')}${count}`, place('')]);
    assert.ok(used > words(['a.js', place('  count(stock.list);\n'), place('')])[0]);
    const handed = "app.use('/orders', count);\n";
    assert.ok(words(['a.js', `${place('')}${count}${handed}`, place('')])[0] > 5);
    const answered = "router.route('GET', '/orders', count);\n";
    const [route] = words(['a.js', `${place('')}${count}${answered}`, place('')]);
    assert.equal(route, words(['a.js', `${place('')}${answered}`, place('')])[0]);
  });

  it('takes what stands in a new file for moved, and a new file that holds something else for no weight at all', () => {
    const moved = `export function hold(order, stock) {\n${wait}}\n`;
    assert.deepEqual(words(['a.js', place(wait), place('')], ['b.js', undefined, moved]), [0, 0]);
    const other = 'export function paint(page) {\n  page.line(1, 2, 3, 4, 5, 6, 7, 8, 9);\n}\n';
    assert.deepEqual(words(['a.js', place(wait), place('')], ['b.js', undefined, other]), [9, 0]);
  });

  it('leaves out a file that is gone: it has classes of its own', () => {
    assert.deepEqual(words(['a.js', place(wait), undefined]), [0, 0]);
  });
});
