import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { claudeCode } from '../../src/agents/index.ts';
import type { JsonObject } from '../../src/system/index.ts';

const of = (name: string, input: JsonObject) => claudeCode.actions({ id: 't', name, input }, '/checkout/tree');

describe('a tool call in the policy’s words', () => {
  test('a command is the shell text', () => {
    assert.deepEqual(of('Bash', { command: 'ls' }), [
      { plane: 'tool', tool: 'Bash', input: { command: 'ls' }, command: 'ls' },
    ]);
  });

  test('a write in the workspace is also a file effect, however it is spelled', () => {
    for (const file_path of ['/checkout/tree/src/a.ts', '/checkout/tree/./lib/../src/a.ts', 'src/a.ts'])
      assert.deepEqual(of('Write', { file_path })[1], { plane: 'file', operation: 'write', path: 'src/a.ts' });
  });

  test('a path outside the workspace stays with the tool action alone', () => {
    for (const file_path of ['/etc/passwd', '../secrets', '/checkout/tree-evil/a', '/checkout/tree/../x'])
      assert.deepEqual(of('Read', { file_path }), [
        { plane: 'tool', tool: 'Read', input: { file_path }, reads: [file_path] },
      ]);
  });

  test('a file whose name begins with dots is inside', () => {
    assert.equal(of('Read', { file_path: '/checkout/tree/..odd' }).length, 2);
  });

  test('an address is also a connection', () => {
    assert.deepEqual(of('WebFetch', { url: 'https://Docs.Example.ORG./a?b=c' })[1], {
      plane: 'network',
      host: 'docs.example.org',
      port: 443,
      protocol: 'https',
      method: 'GET',
      path: '/a',
    });
  });

  test('an unknown tool is a tool action with nothing derived', () => {
    assert.deepEqual(of('mcp__gh__delete_repo', { repo: 'a' }), [
      { plane: 'tool', tool: 'mcp__gh__delete_repo', input: { repo: 'a' } },
    ]);
  });

  test('no input makes it throw, and the first action is always the call itself', () => {
    const names = fc.oneof(
      fc.constantFrom('Bash', 'Read', 'Write', 'WebFetch', 'NotebookEdit', 'constructor'),
      fc.string(),
    );
    const fields = fc.constantFrom('command', 'file_path', 'notebook_path', 'path', 'url');
    fc.assert(
      fc.property(names, fc.dictionary(fields, fc.jsonValue()), (name, input) => {
        // fast-check's JSON values are what JSON.parse gives, typed more loosely.
        const parsed: JsonObject = JSON.parse(JSON.stringify(input));
        const [first] = of(name, parsed);
        assert.ok(first?.plane === 'tool' && first.tool === name);
      }),
    );
  });
});
