import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compare, compareText, loadTools, type Tools } from './trees.ts';

const WORKFLOW = '.github/workflows/ci.yml';
const CHECK = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: npm audit\n';
const test = (name: string): string => `test('${name}', () => { expect(f('${name}')).toBe(1); });\n`;

describe('the comparison of two trees', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  it('gives the same answer every time, by file and by place', () => {
    const old = [
      { file: WORKFLOW, text: CHECK },
      { file: 'a.npmrc', text: '' },
      { file: 'package.json', text: '{"scripts":{}}' },
    ];
    const now = [
      { file: 'package.json', text: '{"scripts":{"postinstall":"node x.js","preinstall":"node y.js"}}' },
      { file: WORKFLOW, text: `${CHECK.replace('audit', 'audit || true')}    continue-on-error: true\n` },
    ];
    const once = compare(tools, old, now);
    assert.deepEqual(compare(tools, old.toReversed(), now.toReversed()), once);
    const places = once.changes.map(
      ({ after: at, before: was }) => `${(at ?? was)?.file} ${String((at ?? was)?.span.start).padStart(6)}`,
    );
    assert.deepEqual(places, places.toSorted());
    assert.ok(once.score >= 20);
  });

  it('counts what went with a deleted file: the pipeline, its checks, the rules of a policy', () => {
    const { changes } = compare(
      tools,
      [
        { file: WORKFLOW, text: CHECK },
        { file: 'sallyport.yaml', text: 'version: 1\ntool:\n  deny: [WebFetch]\n' },
        { file: '.claude/settings.json', text: '{"permissions":{"deny":["WebFetch"]}}' },
        { file: 'CODEOWNERS', text: '* @acme/dev\n' },
      ],
      [],
    );
    const lost = new Set(changes.filter(({ direction }) => direction === 'weakened').map(({ control }) => control));
    for (const control of [
      'pipeline-removed',
      'pipeline-check-removed',
      'policy-loosened',
      'agent-permission-denied',
      'owners-changed',
    ])
      assert.ok(lost.has(control), control);
    assert.ok(changes.every(({ after: at }) => at === undefined));
  });

  it('looks at code of the product in folders that tests are named after, and not at tests', () => {
    const guarded =
      'export function open(user, door) {\n  if (!user.isAdmin) throw new Error("forbidden");\n  door.open();\n}\n';
    const open = 'export function open(user, door) {\n  door.open();\n}\n';
    const lost = (file: string): number =>
      compare(tools, [{ file, text: guarded }], [{ file, text: open }]).changes.filter(
        ({ control }) => control === 'guard-removed',
      ).length;
    for (const file of ['src/integration/door.js', 'packages/testing/door.ts', 'src/main/test/door.js'])
      assert.equal(lost(file), 1, file);
    for (const file of ['test/door.js', 'src/__tests__/door.js', 'src/door.test.ts', 'e2e/door.ts'])
      assert.equal(lost(file), 0, file);
  });

  it('takes a new function for the check in whose place it is asked only if it speaks of the same things', () => {
    const file = 'src/files.js';
    const before =
      'export function pick(root, name) {\n  const full = join(root, name);\n  if (!full.startsWith(root + sep)) throw new Error("outside");\n  return full;\n}\n';
    const after = (body: string): string =>
      `function isInside(root, full) {\n  ${body}\n}\n${before.replace('!full.startsWith(root + sep)', '!isInside(root, full)')}`;
    const lost = (body: string): readonly string[] =>
      compare(tools, [{ file, text: before }], [{ file, text: after(body) }])
        .changes.filter(({ control }) => control === 'guard-removed')
        .map(({ direction }) => direction);
    assert.deepEqual(lost('return root.length > 0;'), ['weakened']);
    assert.ok(!lost('return full.startsWith(root + sep);').includes('weakened'));
  });

  it('lets two methods share the check that both had in one that both call', () => {
    const file = 'src/orders.ts';
    const guard = 'if (order.owner !== user.id) throw new Forbidden();';
    const before = `class Orders {\n  show(user, order) {\n    ${guard}\n    return order;\n  }\n  cancel(user, order) {\n    ${guard}\n    order.cancel();\n  }\n}\n`;
    const after = (inner: string): string =>
      `class Orders {\n  show(user, order) {\n    this.own(user, order);\n    return order;\n  }\n  cancel(user, order) {\n    this.own(user, order);\n    order.cancel();\n  }\n  own(user, order) {\n    ${inner}\n  }\n}\n`;
    const lost = (inner: string): number =>
      compareText(tools, file, before, after(inner)).changes.filter(({ direction }) => direction === 'weakened').length;
    assert.equal(lost(guard), 0);
    assert.ok(lost('count(user);') > 0);
  });

  it('finds what hides from readers in few characters, and not bytes that are data', () => {
    const hidden = (text: string): readonly string[] =>
      compareText(tools, 'src/a.js', 'start();\n', `start();\n${text}\n`)
        .changes.filter(({ control }) => control === 'unreadable-code')
        .map(({ severity }) => severity);
    for (const text of [
      'const a = "\\x66\\x65\\x74\\x63\\x68\\x28\\x29\\x3b";',
      'var _0x1f2a = 1;',
      'eval(atob(text));',
    ])
      assert.deepEqual(hidden(text), ['high'], text);
    for (const text of ['const png = "\\x89PNG\\r\\n\\x1a\\n";', 'const mask = 0x1f2a;', 'const t = atob(text);'])
      assert.deepEqual(hidden(text), [], text);
  });

  it('minds that updates merge themselves, and sooner', () => {
    const lost = (after: string): readonly string[] =>
      compareText(tools, 'renovate.json', '{"extends":["config"],"minimumReleaseAge":"7 days"}', after).changes.map(
        ({ control }) => control,
      );
    assert.deepEqual(lost('{"extends":["config"],"minimumReleaseAge":"0 days","automerge":true}').toSorted(), [
      'check-configuration-loosened',
      'threshold-lowered',
    ]);
    assert.deepEqual(lost('{"extends":["config"],"minimumReleaseAge":"14 days"}'), ['threshold-lowered']);
  });

  it('does not mourn what only belonged to a removed job', () => {
    const job =
      "  b:\n    if: github.actor == 'x'\n    needs: a\n    timeout-minutes: 3\n    runs-on: x\n    steps:\n      - run: echo\n";
    const { changes } = compareText(tools, WORKFLOW, CHECK + job, CHECK);
    assert.deepEqual(changes, []);
  });

  it('says that a test stands in another file now, and no more', () => {
    const { changes } = compare(
      tools,
      [{ file: 'test/a.test.js', text: test('one') + test('two') }],
      [
        { file: 'test/a.test.js', text: test('one') },
        { file: 'test/b.test.js', text: test('two') },
      ],
    );
    assert.deepEqual(
      changes.map(({ control, direction }) => [control, direction]),
      [['test-removed', 'moved']],
    );
  });

  it('says nothing about a file that only has another name', () => {
    const text = test('one') + test('two');
    const { changes } = compare(tools, [{ file: 'test/a.test.js', text }], [{ file: 'test/b.test.js', text }]);
    assert.deepEqual(changes, []);
  });

  it('joins the tests that went with a deleted file', () => {
    const text = ['one', 'two', 'three', 'four', 'five'].map(test).join('');
    const { changes } = compareText(tools, 'test/a.test.js', text, undefined);
    assert.equal(changes.length, 1);
    assert.match(changes[0]?.message ?? '', /^5 tests are gone with test\/a\.test\.js/);
  });

  it('cannot be talked out of a loss by the same thing elsewhere in the file', () => {
    const two = `${CHECK}  b:\n    runs-on: x\n    if: github.actor == 'x'\n    steps:\n      - run: ./deploy.sh\n`;
    const swapped = `${CHECK.replace('    steps', "    if: github.actor == 'x'\n    steps")}  b:\n    runs-on: x\n    steps:\n      - run: ./deploy.sh\n`;
    const { changes } = compareText(tools, WORKFLOW, two, swapped);
    assert.ok(
      changes.some(
        ({ control, direction, scope }) =>
          control === 'pipeline-condition-removed' && direction === 'weakened' && scope === 'b',
      ),
    );
  });

  it('says what it could not read', () => {
    const { changes, gaps } = compareText(tools, 'config/app.yaml', 'a: 1\n', 'a: [1\nb: }\n');
    assert.deepEqual(changes, []);
    assert.ok(gaps.length > 0);
  });

  it('stops at its cap, and says so', () => {
    const many = Array.from({ length: 5_001 }, (_, at) => ({
      file: `data/${String(at).padStart(5, '0')}.txt`,
      text: 'x',
    }));
    const { gaps, compared } = compare(tools, [], many);
    assert.equal(compared, 5_000);
    assert.match(gaps[0]?.message ?? '', /more than 5000 files/);
  });
});
