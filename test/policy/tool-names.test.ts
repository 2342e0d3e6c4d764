import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claudeCode } from '../../src/agents/index.ts';
import {
  INITIAL_STATE,
  type Policy,
  type SessionState,
  type ToolAction,
  type Verdict,
} from '../../src/policy/index.ts';
import { policyOf } from './support/compile.ts';

/** The call as the firewall sees it: read by the agent's adapter. */
function call(name: string): ToolAction {
  const [action] = claudeCode.actions({ id: 'c', name, input: {} }, '/work');
  if (action?.plane !== 'tool') throw new Error('a tool call begins with its tool action');
  return action;
}

/** Decides call after call, as a session does. */
function decideAll(policy: Policy, names: readonly string[]): readonly Verdict[] {
  let state: SessionState = INITIAL_STATE;
  return names.map((name) => {
    const action = call(name);
    const decision = policy.decide(action, state);
    state = policy.advance(state, action, decision);
    return decision.verdict;
  });
}

describe('a tool that was renamed', () => {
  test('is denied under all its names by a rule about one of them', async () => {
    for (const denied of ['Agent', 'Task', 'KillBash', 'TaskOutput']) {
      const policy = await policyOf(`tool: { allow: ["*"], deny: [${denied}] }`);
      for (const name of [denied, ...(call(denied).aliases ?? [])])
        assert.deepEqual(decideAll(policy, [name]), ['deny'], `${name} under deny ${denied}`);
      assert.deepEqual(decideAll(policy, ['Read']), ['allow']);
    }
  });

  test('is allowed under its new name by a rule with the old one, and no other tool with it', async () => {
    const policy = await policyOf('tool: { allow: [Task] }');
    assert.deepEqual(decideAll(policy, ['Agent', 'Task', 'TaskStop', 'Bash']), ['allow', 'allow', 'deny', 'deny']);
  });

  test('is counted as one, whichever name is used', async () => {
    const policy = await policyOf(
      `tool: { allow: [Agent], deny: [{ tool: Agent, id: few, when: 'count("tool:Agent") >= 2' }] }`,
    );
    assert.deepEqual(decideAll(policy, ['Task', 'Agent', 'Task', 'Agent']), ['allow', 'allow', 'deny', 'deny']);
  });
});

describe('a limit by count', () => {
  const LIMITED = `tool: { allow: ["*"], deny: [{ tool: WebFetch, id: few, when: 'count("tool:WebFetch") >= 2' }] }`;

  test('is not lost in a flood of other names that fills the counters first', async () => {
    const policy = await policyOf(LIMITED);
    const flood = Array.from({ length: 5000 }, (_, index) => `mcp__x__${index}`);
    assert.deepEqual(decideAll(policy, [...flood, 'WebFetch', 'WebFetch', 'WebFetch']).slice(-1), ['deny']);
  });

  test('is not reached by calls of other tools', async () => {
    const policy = await policyOf(LIMITED);
    const others = Array.from({ length: 50 }, () => 'Read');
    assert.deepEqual(decideAll(policy, [...others, 'WebFetch', 'WebFetch', 'WebFetch']).slice(-3), [
      'allow',
      'allow',
      'deny',
    ]);
  });
});
