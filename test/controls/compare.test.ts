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
