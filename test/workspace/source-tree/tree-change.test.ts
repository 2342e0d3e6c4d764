import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceTree } from '../../../src/syntax/index.ts';
import { compareTrees } from '../../../src/workspace/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

function kinds(base: { readonly [path: string]: string }, head: { readonly [path: string]: string }) {
  return compareTrees(memoryTree(base), memoryTree(head)).map(({ path, kind, previousPath }) =>
    [kind, path, previousPath].filter((part) => part !== undefined).join(' '),
  );
}

describe('the difference of two trees', () => {
  it('is empty for the same files', () => {
    assert.deepEqual(kinds({ a: '1', b: '2' }, { b: '2', a: '1' }), []);
  });

  it('names what was added, removed and modified, by path', () => {
    assert.deepEqual(kinds({ a: '1', b: '2' }, { b: '3', c: '4' }), ['removed a', 'modified b', 'added c']);
  });

  it('tells a rename by the same text', () => {
    assert.deepEqual(kinds({ 'old.ts': 'x' }, { 'new.ts': 'x' }), ['renamed new.ts old.ts']);
  });

  it('hides nothing in a rename with a change: the old file is gone and the new one is new', () => {
    assert.deepEqual(kinds({ 'old.ts': 'x\ny' }, { 'new.ts': 'x\nz' }), ['added new.ts', 'removed old.ts']);
  });

  it('pairs no empty files', () => {
    assert.deepEqual(kinds({ a: '' }, { b: '' }), ['removed a', 'added b']);
  });

  it('has the lines that differ', () => {
    const [change] = compareTrees(memoryTree({ f: 'a\nb\nc\n' }), memoryTree({ f: 'a\nB\nc\nd\n' }));
    assert.deepEqual(change?.hunks, [
      { from: 1, removed: 1, to: 1, added: 1 },
      { from: 3, removed: 0, to: 3, added: 1 },
    ]);
  });

  it('tells a binary from another of the same size, and a submodule that moved on, by their names in git', () => {
    const tree = (id: string): SourceTree => ({
      ...memoryTree({}),
      entries: [
        { kind: 'file', path: 'a.bin', size: 4, executable: false, id },
        { kind: 'submodule', path: 'lib', id },
      ],
      read: (path) => ({ kind: 'encoding', message: 'no text', place: { file: path, span: { start: 0, end: 0 } } }),
    });
    const changed = compareTrees(tree('1'), tree('2')).map(({ path, kind }) => `${kind} ${path}`);
    assert.deepEqual(changed, ['modified a.bin', 'modified lib']);
    assert.deepEqual(compareTrees(tree('1'), tree('1')), []);
  });
});
