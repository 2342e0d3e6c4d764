import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { GRAMMAR_HASHES, GRAMMARS } from '../../src/code/grammar-files.ts';
import type { SyntaxNode } from '../../src/code/index.ts';
import { type Grammars, loadGrammars, PARSE_LIMITS } from '../../src/code/index.ts';

describe('the parser', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(['python', 'tsx']);
  });
  after(() => grammars[Symbol.dispose]());

  const parse = (text: string) => grammars.parse('python', { path: 'a.py', text });

  for (const name of GRAMMARS)
    test(`the pinned hash of ${name} is that of the installed grammar`, () => {
      const path = createRequire(import.meta.url).resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`);
      assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), GRAMMAR_HASHES[name]);
    });

  test('every node lies within its parent and the text', () => {
    const text = 'def f(a):\n  return {**a, "é😀": [x for x in a]}\n';
    const check = (node: SyntaxNode): void => {
      for (const child of node.children) {
        assert.ok(child.start >= node.start && child.end <= node.end && child.start <= child.end);
        check(child);
      }
    };
    const { root, gaps } = parse(text);
    assert.ok(root);
    assert.deepEqual(gaps, []);
    check(root);
  });

  test('a part that is not understood is a gap at its place', () => {
    const { root, gaps } = parse('x = 1\ny = = 2\nz = 3\n');
    assert.ok(root);
    assert.deepEqual(
      gaps.map(({ kind, place }) => [kind, place.span]),
      [['syntax', { start: 10, end: 11 }]],
    );
  });

  test('too many bytes are a gap', () => {
    const { root, gaps } = parse(`x = "${'a'.repeat(PARSE_LIMITS.bytes)}"`);
    assert.equal(root, undefined);
    assert.deepEqual(
      gaps.map(({ kind, message }) => [kind, message]),
      [['cap', 'not analysed: longer than 2000000 bytes']],
    );
  });

  test('too deep a nesting is a gap', () => {
    const { root, gaps } = parse(`x = ${'['.repeat(500)}${']'.repeat(500)}`);
    assert.equal(root, undefined);
    assert.equal(gaps[0]?.message, 'not analysed: nested deeper than 160 levels');
  });

  test('a grammar that was not loaded is a gap', () => {
    const { gaps } = grammars.parse('java', { path: 'A.java', text: 'class A {}' });
    assert.deepEqual(
      gaps.map(({ kind, message }) => [kind, message]),
      [['unreadable', "not analysed: the grammar 'java' was not loaded"]],
    );
  });
});

test('a file that the grammar cannot make sense of is given up after its time, and the next one is read', async () => {
  // Each call of the clock is a second: the budget is counted, not waited for.
  let seconds = 0n;
  using grammars = await loadGrammars(['python'], () => ++seconds * 1_000_000_000n);
  const hostile = grammars.parse('python', { path: 'a.py', text: '<!-- '.repeat(3_000) });
  assert.equal(hostile.root, undefined);
  assert.deepEqual(
    hostile.gaps.map(({ kind, message }) => [kind, message]),
    [['cap', 'not analysed: it takes too long to parse']],
  );
  assert.equal(grammars.parse('python', { path: 'b.py', text: 'x = 1\n' }).root?.type, 'module');
});
