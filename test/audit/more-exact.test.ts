import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rulesOf, script, workflow } from './whole-program.ts';

describe('one weakness in the script of an agent', () => {
  it('is told once, by the rule that knows the agent', () => {
    const found = rulesOf(workflow(script('claude -p "Sort ${{ github.event.issue.title }}" --tools Read')));
    assert.ok(found.includes('INP002'));
    assert.ok(!found.includes('CI001'));
  });

  it('is still told by the general rule where no agent is started', () => {
    assert.ok(rulesOf(workflow('      - run: echo "${{ github.event.issue.title }}"\n')).includes('CI001'));
  });
});
