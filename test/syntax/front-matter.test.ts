import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineIndex, loadReaders, scalarAt } from '../../src/syntax/index.ts';

const readers = await loadReaders();

for (const [name, start, end] of [
  ['LF', '', '\n'],
  ['CR LF', '', '\r\n'],
  ['a byte order mark', '\ufeff', '\n'],
] as const) {
  test(`places in front matter are those of the file (${name})`, () => {
    const text = `${start}---${end}name: x${end}tools: [Read, Bash]${end}---${end}# Body${end}`;
    const { meta, body } = readers.frontMatter({ path: 'a.md', text });
    assert.equal(scalarAt(meta.root, 'tools', 1)?.span.start, text.indexOf('Bash'));
    assert.equal(body.start, text.indexOf('# Body'));
    assert.deepEqual(meta.gaps, []);
  });
}

test('without a closing line, or not at the top, there is no front matter', () => {
  for (const text of ['---\na: 1\n', '\n---\na: 1\n---\n', '# x\n---\na: 1\n---\n', '']) {
    const { meta, body } = readers.frontMatter({ path: 'a.md', text });
    assert.equal(meta.root, undefined);
    assert.deepEqual(body, { start: 0, end: text.length });
  }
});

test('empty front matter ends before the body', () => {
  const { body } = readers.frontMatter({ path: 'a.md', text: '---\n---\nx' });
  assert.deepEqual(body, { start: 8, end: 9 });
});

test('lines end with LF, CR LF or CR, and columns count UTF-16 units', () => {
  const index = createLineIndex('a😀b\r\nc\rd\n\ne');
  assert.equal(index.lines, 5);
  assert.deepEqual(index.position(3), { line: 1, column: 4 });
  assert.deepEqual(index.position(6), { line: 2, column: 1 });
  assert.deepEqual(index.position(8), { line: 3, column: 1 });
  assert.deepEqual(index.position(99), { line: 5, column: 2 });
  assert.equal(index.offset(1, 99), 4);
  assert.equal(index.offset(3, 1), 8);
  assert.equal(index.offset(99, 1), 11);
  for (let offset = 0; offset <= 12; offset++) {
    const { line, column } = index.position(offset);
    assert.ok(index.offset(line, column) <= offset);
  }
});
