import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recogniseSdk } from '../../../src/agents/index.ts';

function sdk(text: string) {
  return recogniseSdk(text, { file: 'review.ts', span: { start: 0, end: text.length } });
}

describe('an agent started through a library', () => {
  it('is found by its import, with the options that it names', () => {
    const text =
      "import { query } from '@anthropic-ai/claude-agent-sdk';\nquery({ permissionMode: 'bypassPermissions', allowedTools: ['Read', 'Bash'] });\n";
    const found = sdk(text);
    assert.equal(found?.product, 'claude-code');
    assert.equal(found?.via, 'sdk');
    assert.equal(found?.mode, 'bypass');
    assert.deepEqual(
      found?.allow.map(({ text: rule, place }) => [rule, text.slice(place.span.start, place.span.end)]),
      [
        ['Read', 'Read'],
        ['Bash', 'Bash'],
      ],
    );
  });

  it('is found in Python', () => {
    const found = sdk(
      'from claude_agent_sdk import query, ClaudeAgentOptions\nopts = ClaudeAgentOptions(permission_mode="acceptEdits", max_turns=3)\n',
    );
    assert.equal(found?.mode, 'accept-edits');
    assert.notEqual(found?.turnLimit, undefined);
    assert.equal(sdk('from agents import Agent, Runner\n')?.product, 'unknown');
  });

  it('a mention in a comment or text is none', () => {
    assert.equal(
      sdk("// see '@anthropic-ai/claude-agent-sdk'\nconsole.log('@anthropic-ai/claude-agent-sdk')\n"),
      undefined,
    );
    assert.equal(sdk('from agents import helper\n'), undefined);
    assert.equal(sdk('print("claude_agent_sdk")\n'), undefined);
  });
});
