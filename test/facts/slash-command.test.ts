import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentStep, onlyRun, WORKFLOW, workflow } from './facts-of.ts';

const STEPS = agentStep('claude -p "/triage 5"');

describe('a prompt that only names a command', () => {
  it('is the text of its file: what that has the agent read, the agent meets', () => {
    const run = onlyRun({
      [WORKFLOW]: workflow({ steps: STEPS }),
      '.claude/commands/triage.md':
        '---\nallowed-tools: Bash(gh issue view:*)\n---\nRun gh issue view $1 and set labels.\n',
    });
    assert.ok(run.sources.some(({ channel }) => channel === 'fetched'));
    assert.equal(run.trifecta.untrusted, 'yes');
  });

  it('is nothing to worry about when its file reads nothing from outside', () => {
    const run = onlyRun({ [WORKFLOW]: workflow({ steps: STEPS }), '.claude/commands/triage.md': 'Tidy the README.\n' });
    assert.equal(run.trifecta.untrusted, 'no');
  });

  it('is unknown when the command is not in the repository', () => {
    assert.equal(onlyRun({ [WORKFLOW]: workflow({ steps: STEPS }) }).trifecta.untrusted, 'unknown');
  });
});
