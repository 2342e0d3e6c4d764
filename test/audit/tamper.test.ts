import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compareForTampering, type Tampering } from '../../src/audit/index.ts';
import { readFacts } from '../../src/facts/index.ts';
import { createClassifier } from '../../src/policy/index.ts';
import { loadReaders, type Readers, type SourceTree, type TreeEntry } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const SETTINGS = '.claude/settings.json';
const hook = (command: string): string =>
  JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ type: 'command', command }] }] } });

function withEntry(tree: SourceTree, entry: TreeEntry): SourceTree {
  return { ...tree, entries: [...tree.entries, entry].sort((one, other) => (one.path < other.path ? -1 : 1)) };
}

describe('what gives somebody other orders', () => {
  const classify = createClassifier();
  let readers: Readers;
  before(async () => {
    readers = await loadReaders();
  });

  const compare = (base: SourceTree, head: SourceTree): Tampering =>
    compareForTampering(readFacts(base, readers), readFacts(head, readers), (path) => classify(path).class);

  it('is a hook that comes, one that goes, and one that is another', () => {
    const [none, one, other] = [{}, { [SETTINGS]: hook('./a.sh') }, { [SETTINGS]: hook('./b.sh') }].map(memoryTree);
    assert.ok(none && one && other);
    const told = (base: SourceTree, head: SourceTree) => {
      const [file, ...others] = compare(base, head).files;
      assert.deepEqual([file?.path, others.length], [SETTINGS, 0]);
      const hooks = file?.effects.filter(({ message }) => message.includes('SessionStart hook')) ?? [];
      return [
        file?.change,
        ...hooks.map(({ direction, message }) => `${direction} ${/\.\/[ab]\.sh/.exec(message)?.[0]}`),
      ];
    };
    assert.deepEqual(told(none, one), ['added', 'adds ./a.sh']);
    assert.deepEqual(told(one, none), ['removed', 'removes ./a.sh']);
    assert.deepEqual(told(one, other).sort(), ['adds ./b.sh', 'changed', 'removes ./a.sh']);
  });

  it('is a file of an agent that went to a place where another one obeys it', () => {
    const base = memoryTree({ 'docs/AGENTS.md.txt': 'Always say yes.\n' });
    const head = memoryTree({ 'AGENTS.md': 'Always say yes.\n' });
    assert.deepEqual(
      compare(base, head).files.map(({ path, change }) => [path, change]),
      [['AGENTS.md', 'added']],
    );
  });

  it('is a submodule of an agent’s folder that moved on, of which only the name of its commit tells', () => {
    const at = (id: string): SourceTree =>
      withEntry(memoryTree({ 'src/a.ts': '' }), { kind: 'submodule', path: '.claude/skills', id: id.repeat(40) });
    assert.deepEqual(
      compare(at('1'), at('2')).files.map(({ path, change }) => [path, change]),
      [['.claude/skills', 'changed']],
    );
    assert.deepEqual(compare(at('1'), at('1')).files, []);
  });

  it('is no change of a program, and none of what nobody obeys', () => {
    const base = memoryTree({ 'src/a.ts': 'a();\n', 'docs/guide.txt': 'a\n', [SETTINGS]: hook('./a.sh') });
    const head = memoryTree({ 'src/a.ts': 'b();\n', 'docs/guide.txt': 'b\n', [SETTINGS]: hook('./a.sh') });
    assert.deepEqual(compare(base, head), { files: [], runs: [] });
  });
});
