import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grantNote, shadowOf } from '../../../src/agents/index.ts';

describe('a denial takes an approval away', () => {
  const TAKEN: readonly (readonly [string, string])[] = [
    ['Bash(npm test)', 'Bash(npm *)'],
    ['Bash(npm test:*)', 'Bash(npm test *)'],
    ['Bash(npm test)', 'Bash'],
    ['Bash(npm test)', 'B*'],
    ['Read(src/**)', 'Read'],
    ['Edit(src/**)', 'Edit(src/**)'],
    ['mcp__gh__get_pr', 'mcp__gh'],
    ['mcp__gh__get_pr', 'mcp__*__get_pr'],
  ];
  for (const [allow, deny] of TAKEN) {
    it(`${deny} leaves nothing of ${allow}`, () =>
      assert.equal(shadowOf('claude-code', allow, ['Read(x)', deny]), deny));
  }

  const LEFT: readonly (readonly [string, string])[] = [
    ['Bash(npm *)', 'Bash(npm publish *)'],
    ['Bash(git *)', 'Bash(git push:*)'],
    ['Bash', 'Bash(rm *)'],
    ['Bash(**)', 'Bash(npm *)'],
    ['Bash(npm test)', 'bash(npm *)'],
    ['Bash(npm test)', 'Bash(npm :*)'],
    ['Edit(src/**)', 'Edit(.github/**)'],
    ['mcp__gh__get_pr', 'mcp__other'],
  ];
  for (const [allow, deny] of LEFT) {
    it(`${deny} leaves something of ${allow}`, () => assert.equal(shadowOf('claude-code', allow, [deny]), undefined));
  }

  it('nothing is claimed about products whose rules were not measured', () => {
    assert.equal(shadowOf('gemini', 'run_shell_command(npm test)', ['run_shell_command(npm)']), undefined);
  });
});

describe('a grant says what it comes to', () => {
  it('when it matches nothing', () => assert.match(grantNote('claude-code', 'Bash(npm :*)', []), /^matches nothing/));
  it('when a denial stands before it', () =>
    assert.match(grantNote('claude-code', 'Bash(npm test)', ['Bash(npm *)']), /^approves nothing: Bash\(npm \*\)/));
  it('when it is about a program that starts others unseen', () =>
    assert.match(grantNote('claude-code', 'Bash(watch *)', []), /only its exact text/));
  it('when it runs anything', () => assert.match(grantNote('claude-code', 'Bash(bash -c *)', []), /any command/));
});
