import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNarrowTool } from '../../src/policy/index.ts';

test('a tool rule is narrow when it can be read and leaves no program open', () => {
  const narrow = [
    'Read',
    'Edit(src/**)',
    'Bash(npm test *)',
    'Bash(npm test:*)',
    'Bash(git log *)',
    'WebFetch(domain:a.example.org)',
  ];
  const open = ['Bash', 'bash', '*', 'mcp__x__*', 'Bash(*)', 'Bash(make *)', 'Bash(python3 -c *)', 'Bash(find . *)'];
  const unreadable = [
    '',
    'Bash(',
    'Bash()',
    'Bash(a:* b)',
    'Bash(a | b)',
    'Read(../x)',
    'mcp__x(y)',
    'WebFetch(a.example.org)',
  ];
  for (const text of narrow) assert.equal(isNarrowTool(text), true, text);
  for (const text of [...open, ...unreadable]) assert.equal(isNarrowTool(text), false, text);
});
