import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFacts } from '../../src/facts/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const readers = await loadReaders();

/** `channel who` of every source of the one agent. */
function writers(on: string, condition: string, value: string, before = ''): readonly string[] {
  const text = `on:\n${on}\njobs:\n  a:\n    if: ${condition}\n    runs-on: ubuntu-24.04\n    steps:\n${before}      - run: claude -p "Do $T"\n        env: { T: "\${{ ${value} }}" }\n`;
  const [run] = readFacts(memoryTree({ '.github/workflows/a.yml': text }), readers).runs;
  return (run?.sources ?? []).map(({ channel, who }) => `${channel} ${who}`);
}

const RUN = '  workflow_run:\n    workflows: [test]\n    types: [completed]';
const TARGET = '  pull_request_target:';
const HEAD = 'github.event.workflow_run.head_branch';
const TITLE = 'github.event.pull_request.title';
const CHECKOUT = '      - uses: actions/checkout@v4\n';

describe('who writes what an agent meets', () => {
  it('is a member behind a check of the author, and anybody without', () => {
    const own = 'github.event.pull_request.head.repo.full_name == github.repository';
    assert.deepEqual(writers(TARGET, own, TITLE), ['environment member']);
    assert.deepEqual(writers(TARGET, `github.event.pull_request.author_association == 'OWNER'`, TITLE), [
      'environment member',
    ]);
    assert.deepEqual(writers(TARGET, `github.event.action != 'closed'`, TITLE), ['environment anyone']);
    assert.deepEqual(writers(RUN, 'github.event.workflow_run.head_repository.full_name == github.repository', HEAD), [
      'environment member',
    ]);
    assert.deepEqual(writers(RUN, `github.event.workflow_run.conclusion == 'failure'`, HEAD), ['environment anyone']);
  });

  it('stays anybody where the check speaks of somebody else', () => {
    assert.deepEqual(
      writers('  issue_comment:', `github.event.comment.author_association == 'OWNER'`, 'github.event.issue.body'),
      ['environment anyone'],
    );
  });

  it('stays anybody where another event brings a text that the check does not speak of', () => {
    const own = `github.event_name == 'issues' || github.event.pull_request.head.repo.full_name == github.repository`;
    assert.deepEqual(writers(`${TARGET}\n  issues:`, own, TITLE), ['environment anyone']);
  });

  const COMMENT = 'github.event.comment.body';
  const CREATED = '  issue_comment:\n    types: [created]';
  const LIST = `contains(fromJSON('["alice"]'), github.actor)`;

  it('is a member for the very text that the person who was checked wrote', () => {
    assert.deepEqual(writers(CREATED, LIST, COMMENT), ['environment member']);
    assert.deepEqual(writers(CREATED, 'true', COMMENT), ['environment anyone']);
    assert.deepEqual(writers('  issues:\n    types: [opened]', LIST, 'github.event.issue.body'), [
      'environment member',
    ]);
  });

  it('stays anybody where the person who was checked acts on the text of another', () => {
    assert.deepEqual(writers(CREATED, LIST, 'github.event.issue.body'), ['environment anyone']);
    // Who deletes or edits a comment did not write it.
    assert.deepEqual(writers('  issue_comment:', LIST, COMMENT), ['environment anyone']);
    assert.deepEqual(writers('  issues:\n    types: [opened, labeled]', LIST, 'github.event.issue.body'), [
      'environment anyone',
    ]);
    // A run that a member starts again is still that of the stranger.
    const again = LIST.replace('actor', 'triggering_actor');
    assert.deepEqual(writers(CREATED, again, COMMENT), ['environment anyone']);
  });

  it('depends on whom a script asks about', () => {
    const ask = (login: string) =>
      `      - id: may\n        run: gh api "repos/o/r/collaborators/$WHO/permission" --jq .permission | sed 's/^/level=/' >> "$GITHUB_OUTPUT"\n        env: { WHO: "\${{ ${login} }}" }\n`;
    const gated = (login: string) => {
      const text = `on:\n${CREATED}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${ask(login)}      - if: steps.may.outputs.level == 'admin'\n        run: claude -p "Do $T"\n        env: { T: "\${{ ${COMMENT} }}" }\n`;
      const [run] = readFacts(memoryTree({ '.github/workflows/a.yml': text }), readers).runs;
      return (run?.sources ?? []).map(({ who }) => who);
    };
    assert.deepEqual(gated('github.actor'), ['member']);
    assert.deepEqual(gated('github.event.comment.user.login'), ['member']);
    assert.deepEqual(gated('github.event.issue.user.login'), ['anyone']);
  });

  it('is a member for the files of a change when only runs without secrets bring a stranger’s', () => {
    const tree = writers('  pull_request:\n  issues:', 'true', 'github.sha', CHECKOUT);
    assert.deepEqual(tree, ['tree member', 'instructions member']);
  });

  it('is unknown people behind a dispatch, whose payload counts as text of a tracker', () => {
    assert.deepEqual(writers('  repository_dispatch:', 'true', 'github.event.client_payload.text'), ['tracker anyone']);
  });
});
