import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepMostSpecific } from '../../../src/audit/paths/more-specific.ts';
import { pathsOf, workflow } from './support.ts';

const TWO_AGENTS = workflow(
  'two',
  `on:
  issues:
    types: [opened]
permissions:
  contents: read
jobs:
  first:
    runs-on: ubuntu-latest
    steps:
      - run: claude -p "$BODY" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
  second:
    runs-on: ubuntu-latest
    steps:
      - run: claude -p "$BODY" --dangerously-skip-permissions
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
`,
);

describe('of two paths about one agent', () => {
  it('the more exact one stays, and the general one about another agent too', () => {
    const [first, second] = pathsOf(TWO_AGENTS);
    assert.ok(first && second && first.run !== second.run);
    const exact = { ...first, rule: 'PATH18', replaces: ['PATH01'] };
    assert.deepEqual(keepMostSpecific([first, exact, second]), [exact, second]);
  });

  it('nothing goes where nothing is replaced', () => {
    const paths = pathsOf(TWO_AGENTS);
    assert.deepEqual(keepMostSpecific(paths), paths);
  });

  it('a path about no agent in particular stays', () => {
    const [first] = pathsOf(TWO_AGENTS);
    assert.ok(first);
    const foreign = { ...first, run: undefined };
    assert.deepEqual(keepMostSpecific([foreign, { ...foreign, rule: 'PATH03', replaces: ['PATH01'] }]).length, 2);
  });
});
