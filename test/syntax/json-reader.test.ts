import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as library from 'jsonc-parser';
import { entriesOf, loadReaders, type Node, scalarAt } from '../../src/syntax/index.ts';
import { JSON_TOKEN } from '../../src/syntax/json-token.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const json = (text: string, strict = false) => readers.json({ path: 'a.json', text }, { strict });

function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, toPlain(value)]));
}

test('our numbers for kinds of token are those of the library', () => {
  // Widened, because the library declares an enum that only its own compiler can read.
  const theirs: Readonly<Record<string, unknown>> = Object(
    Object.getOwnPropertyDescriptor(library, 'SyntaxKind')?.value,
  );
  for (const [name, number] of Object.entries(JSON_TOKEN)) assert.equal(theirs[name], number, name);
});

test('comments and trailing commas are read, and gaps only where strict', () => {
  const text = '{\n\t"a": [1, 2,], // note\n\t"b": "x",\n}';
  assert.deepEqual(json(text).gaps, []);
  assert.deepEqual(
    json(text, true).gaps.map(({ place }) => text.slice(place.span.start, place.span.end)),
    [',', '// note', ','],
  );
  assert.equal(scalarAt(json(text).root, 'b')?.span.start, text.indexOf('"x"'));
});

test('places inside a string are exact over escapes, tabs and a byte order mark', () => {
  const text = '\ufeff{"k":\t"a\\n\\u0042c\\"d"}';
  const scalar = scalarAt(json(text).root, 'k');
  assert.equal(scalar?.text, 'a\nBc"d');
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].map((index) => scalar.offsetOf(index)),
    [8, 9, 11, 17, 18, 20, 21],
  );
});

test('a slip costs one level and is a gap', () => {
  const { root, gaps } = json('{"a": [1, 2}, "b": 3}');
  assert.ok(gaps.length > 0);
  assert.deepEqual(entriesOf(root)[0]?.key.text, 'a');
  assert.deepEqual(json('{"a" 1 "b": tru, "c": 3}').gaps.length > 0, true);
  assert.equal(scalarAt(json('{"a" 1 "b": tru, "c": 3}').root, 'c')?.value, 3);
});

test('a key that is written twice is a gap', () => {
  const { gaps } = json('{"a": 1, "a": 2}');
  assert.deepEqual(
    gaps.map(({ kind, place }) => [kind, place.span]),
    [['syntax', { start: 9, end: 12 }]],
  );
});

test('deep nesting is cut and what stands behind it is read', () => {
  const { root, gaps } = json(`{"x": ${'['.repeat(5000)}${']'.repeat(5000)}, "hooks": {"a": "b"}}`);
  assert.equal(scalarAt(root, 'hooks', 'a')?.text, 'b');
  assert.deepEqual(
    gaps.map(({ kind }) => kind),
    ['cap'],
  );
  assert.deepEqual(json('['.repeat(100_000)).gaps[0]?.kind, 'cap');
});

test('any JSON is read as the platform reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const { root, gaps } = json(text, true);
      assert.ok(root);
      assert.deepEqual(gaps, []);
      assert.deepEqual(JSON.stringify(toPlain(root)), JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: RUNS },
  );
});
