import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Condition, gatesForEvent } from '../../../src/pipelines/index.ts';
import { readOne } from './one-workflow.ts';

function condition(text: string, before = ''): Condition {
  const pipeline = readOne(
    `on: issue_comment\njobs:\n${before}  work:\n    if: ${text}\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n`,
  );
  const found = pipeline.jobs.at(-1)?.condition;
  if (found === undefined) throw new Error('no condition was read');
  return found;
}

const GATES: readonly (readonly [text: string, ...gates: string[]])[] = [
  ["contains(github.event.comment.body, '@bot')", '1 keyword comment-author spoofable'],
  ["github.event.comment.author_association == 'OWNER'", '3 association comment-author'],
  [`contains(fromJSON('["OWNER","MEMBER"]'), github.event.comment.author_association)`, '3 association comment-author'],
  [
    `contains(fromJSON('["OWNER","CONTRIBUTOR"]'), github.event.comment.author_association)`,
    '2 association comment-author spoofable',
  ],
  [
    `contains(fromJSON('["OWNER"]'), github.event.comment.author_association || github.event.review.author_association)`,
    '3 association comment-author',
  ],
  [`contains(fromJSON('["OWNER"]'), github.event.comment.author_association || github.ref)`],
  ["startsWith(github.event.comment.body || github.event.issue.body, '@bot')", '1 keyword comment-author spoofable'],
  ["github.actor == 'octocat'", '3 login actor'],
  ["contains('octocat hubot', github.actor)", '3 login actor spoofable'],
  ["github.actor == 'dependabot[bot]'", '1 bot-name actor spoofable'],
  ["github.actor != 'dependabot[bot]'"],
  ["contains(github.event.pull_request.labels.*.name, 'safe')", '2 label label'],
  ["github.event.label.name == 'safe'", '2 label label'],
  ['github.event.pull_request.head.repo.full_name == github.repository', '3 same-repository -'],
  ['!github.event.pull_request.head.repo.fork', '3 same-repository pull-request-author'],
  ['github.event.pull_request.head.repo.fork == false', '3 same-repository pull-request-author'],
  ["github.repository == 'acme/app'", '0 repository -'],
  ["github.event.workflow_run.conclusion == 'success'"],
  ["github.event.issue.title != 'x'"],
];

describe('gates of a condition', () => {
  for (const [text, ...gates] of GATES) {
    it(`${text} is ${gates.join(', ') || 'no gate'}`, () => {
      const found = condition(JSON.stringify(text)).gates.map(
        ({ strength, kind, principal, spoofable }) =>
          `${strength} ${kind} ${principal ?? '-'}${spoofable ? ' spoofable' : ''}`,
      );
      assert.deepEqual(found, gates);
    });
  }

  it('an alternative without a gate opens the condition', () => {
    assert.deepEqual(condition("github.actor == 'octocat' || github.run_number > 3").gates, []);
  });

  it('an alternative for another event does not open it for this one', () => {
    const found = condition(
      "github.event_name == 'workflow_dispatch' || (github.event_name == 'issue_comment' && github.actor == 'octocat')",
    );
    assert.deepEqual(
      gatesForEvent(found, 'issue_comment')?.map(({ kind }) => kind),
      ['login'],
    );
    assert.deepEqual(gatesForEvent(found, 'workflow_dispatch'), []);
    assert.equal(gatesForEvent(found, 'issues'), undefined);
  });

  it('the output of a job that asks for rights is a gate; that of another job is none', () => {
    const job = (script: string) =>
      `  allow:\n    runs-on: ubuntu-24.04\n    outputs: { ok: '\${{ steps.check.outputs.ok }}' }\n    steps:\n      - id: check\n        run: ${script}\n`;
    const text = "needs.allow.outputs.ok == 'true'";
    const checking = condition(text, job('gh api repos/acme/app/collaborators/x/permission'));
    assert.deepEqual(
      checking.gates.map(({ kind, strength }) => `${kind} ${strength}`),
      ['permission-check 3'],
    );
    assert.deepEqual(condition(text, job('echo ok=true')).gates, []);
  });

  it('more alternatives than are told apart credit less, and never more than is there', () => {
    const many = Array.from({ length: 8 }, (_, index) => `(github.run_id > ${index} || github.actor == 'b${index}')`);
    assert.deepEqual(condition(many.join(' && ')).gates, []);
  });
});

describe('conditions that are always true', () => {
  for (const [text, expected] of [
    [`\${{ github.actor == 'x' }}`, false],
    ["github.actor == 'x'", false],
    [`\${{ github.actor == 'x' }} && true`, true],
    [`|\n      \${{ github.actor == 'x' }}`, true],
    [`|-\n      \${{ github.actor == 'x' }}`, false],
    ["|\n      github.actor == 'x'", false],
    ["github.event_name == 'push' || 'pull_request'", true],
  ] as const) {
    it(`${JSON.stringify(text)}: ${expected}`, () => assert.equal(condition(text).alwaysTrue, expected));
  }

  it('always() and failure() run after a failure, success() does not', () => {
    assert.equal(condition('always()').runsAfterFailure, true);
    assert.equal(condition('failure() && github.run_number > 1').runsAfterFailure, true);
    assert.equal(condition('success()').runsAfterFailure, false);
  });
});
