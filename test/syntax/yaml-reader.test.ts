import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  entriesOf,
  entryOf,
  loadReaders,
  type Node,
  nodeAt,
  READING_LIMITS,
  scalarAt,
} from '../../src/syntax/index.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const yaml = (text: string) => readers.yaml({ path: 'a.yml', text });

/** What stands in the file at each character of the scalar. */
function spelled(text: string, ...route: (string | number)[]): string {
  const scalar = scalarAt(yaml(text).root, ...route);
  assert.ok(scalar);
  return [...scalar.text].map((_, index) => text[scalar.offsetOf(index)]).join('');
}

test('the words on, yes and no are text, also behind a directive of YAML 1.1', () => {
  for (const head of ['', '%YAML 1.1\n---\n']) {
    const { root } = yaml(`${head}on: yes\nn: 010\nt: true\nz: ~\n`);
    assert.equal(scalarAt(root, 'on')?.value, 'yes');
    assert.equal(scalarAt(root, 'n')?.text, '010');
    assert.equal(scalarAt(root, 't')?.value, true);
    assert.equal(scalarAt(root, 'z')?.value, null);
    assert.equal(scalarAt(root, 'z')?.text, '');
  }
});

for (const indent of [1, 2, 5, 8]) {
  test(`places inside a literal block are exact at indentation ${indent}`, () => {
    const blank = ' '.repeat(indent);
    const text = `a:\r\n${blank}run: |-\r\n${blank}  echo one\r\n\r\n${blank}    two $\{{ x }}\r\n${blank}  three\r\n`;
    const scalar = scalarAt(yaml(text).root, 'a', 'run');
    assert.equal(scalar?.text, `echo one\n\n  two $\{{ x }}\nthree`);
    assert.equal(scalar.style, 'literal');
    for (const word of ['echo', 'two', '{{ x', 'three']) {
      assert.equal(scalar.offsetOf(scalar.text.indexOf(word)), text.indexOf(word), word);
    }
    assert.equal(scalar.offsetOf(scalar.text.length), text.indexOf('three') + 5);
  });

  test(`places inside a folded block are exact at indentation ${indent}`, () => {
    const blank = ' '.repeat(indent);
    const text = `a: >2+ # note\n  one\n  two\n\n  three\n    four\n  five\n\n`
      .replaceAll('\n  ', `\n${blank} `)
      .replace('2', String(indent + 1));
    const scalar = scalarAt(yaml(text).root, 'a');
    assert.equal(scalar?.text, 'one two\nthree\n  four\nfive\n\n');
    for (const word of ['one', 'two', 'three', 'four', 'five']) {
      assert.equal(scalar.offsetOf(scalar.text.indexOf(word)), text.indexOf(word), word);
    }
  });
}

test('places inside quoted and plain scalars are exact over escapes and line breaks', () => {
  assert.equal(spelled('a: "x\\ty\\u0041 z\\\n   w"\n', 'a'), 'x\\y\\ zw');
  assert.equal(spelled("a: 'it''s\n   so'\n", 'a'), "it's\nso");
  assert.equal(spelled('a: one\n   two\n\n   three\n', 'a'), 'one\ntwo\nthree'.replace('\ntwo', '\ntwo'));
  assert.equal(spelled('a: b\r c\n', 'a'), 'b\rc');
});

test('a lone carriage return breaks a line, as YAML has it', () => {
  const { root, gaps } = yaml('a: 1\rb: 2\r');
  assert.deepEqual(
    entriesOf(root).map(({ key, value }) => [key.text, value.span.start]),
    [
      ['a', 3],
      ['b', 8],
    ],
  );
  assert.deepEqual(gaps, []);
});

test('a byte order mark moves no indentation', () => {
  const text = '\ufeff- a: 1\n  b: 2\n';
  const { root, gaps } = yaml(text);
  assert.deepEqual(gaps, []);
  assert.equal(scalarAt(root, 0, 'b')?.span.start, text.indexOf('2'));
});

test('aliases give the node of the anchor and say so', () => {
  const text = 'x: &a {k: 1}\ny: *a\n';
  const entry = entryOf(yaml(text).root, 'y');
  assert.equal(entry?.aliased, true);
  assert.equal(scalarAt(entry.value, 'k')?.span.start, text.indexOf('1'));
  assert.deepEqual(entry.span, { start: text.indexOf('y'), end: text.length - 1 });
});

test('merge keys bring in what the map itself does not say, the earlier source first', () => {
  const { root } = yaml('a: &a {k: 1, l: 1}\nb: &b {k: 2, m: 2}\nc:\n  <<: [*a, *b]\n  l: 3\n');
  const merged = entriesOf(nodeAt(root, 'c')).map(({ key, value, aliased }) => [
    key.text,
    value.kind === 'scalar' && value.value,
    aliased,
  ]);
  assert.deepEqual(merged, [
    ['k', 1, true],
    ['m', 2, true],
    ['l', 3, false],
  ]);
});

test('tags are kept', () => {
  const { root } = yaml('a: !reference [x, y]\nb: !vault secret\nc: !map {k: v}\n');
  const list = nodeAt(root, 'a');
  assert.equal(list?.kind === 'list' && list.tag, '!reference');
  assert.equal(scalarAt(root, 'b')?.tag, '!vault');
  const map = nodeAt(root, 'c');
  assert.equal(map?.kind === 'map' && map.tag, '!map');
});

test('a key that is written twice is a gap, and the last one counts', () => {
  const { root, gaps } = yaml('a: 1\na: 2\n');
  assert.equal(scalarAt(root, 'a')?.value, 2);
  assert.deepEqual(
    gaps.map(({ kind, place }) => [kind, place.span]),
    [['syntax', { start: 5, end: 6 }]],
  );
});

test('the text of a key that is an alias is where the alias stands', () => {
  const text = 'a: &k name\n*k : value\n';
  const { root } = yaml(text);
  const key = entriesOf(root)[1]?.key ?? assert.fail();
  assert.deepEqual([key.text, key.span], ['name', { start: 11, end: 13 }]);
  assert.deepEqual([0, 1, 3, 4].map(key.offsetOf), [11, 11, 11, 13]);
});

test('an alias without an anchor is text and a gap', () => {
  const { root, gaps } = yaml('globs: *.ts,*.tsx\nalwaysApply: true\n');
  assert.equal(scalarAt(root, 'globs')?.text, '*.ts,*.tsx');
  assert.equal(scalarAt(root, 'alwaysApply')?.value, true);
  assert.ok(gaps.some(({ kind }) => kind === 'unresolved'));
});

test('an alias without an anchor as a key is the whole word that is written', () => {
  const { root } = yaml('*x,a: 1\n');
  const [entry] = entriesOf(root);
  assert.equal(entry?.key.text, '*x,a:');
  assert.deepEqual(entry?.key.span, { start: 0, end: 5 });
});

test('an anchor inside itself and a bomb of aliases are gaps', () => {
  assert.deepEqual(
    yaml('a: &a [*a]\n').gaps.map(({ kind }) => kind),
    ['unresolved'],
  );
  const levels = [...'bcdefghi'].map(
    (name, level) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[level]}`).join(', ')}]`,
  );
  const { root, gaps } = yaml(`a: &a [x, x, x, x, x, x, x, x, x]\n${levels.join('\n')}\n`);
  assert.ok(gaps.some(({ kind }) => kind === 'cap'));
  assert.ok(countNodes(root) <= READING_LIMITS.nodes + 100);
});

function countNodes(node: Node | undefined): number {
  if (node === undefined || node.kind === 'scalar') return 1;
  const children = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  return children.reduce((sum, child) => sum + countNodes(child), 1);
}

test('every document of a stream is read; a file with several has a gap', () => {
  const file = { path: 'a.yml', text: 'a: 1\n---\nb: 2\n' };
  assert.deepEqual(
    readers.yamlDocuments(file).map(({ root }) => entriesOf(root)[0]?.key.text),
    ['a', 'b'],
  );
  assert.deepEqual(
    readers.yaml(file).gaps.map(({ kind, place }) => [kind, place.span.start]),
    [['syntax', 9]],
  );
});

const HOSTILE: readonly (readonly [name: string, text: string])[] = [
  ['brackets', '['.repeat(200_000)],
  ['braces', '{a: '.repeat(100_000)],
  ['dashes', '- '.repeat(100_000)],
  ['questions', '? '.repeat(100_000)],
  ['deep indentation', Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
  ['many keys', Array.from({ length: 120_000 }, (_, index) => `k${index}: 1`).join('\n')],
  ['a hundred megabytes', 'a: '.repeat(34_000_000)],
];

for (const [name, text] of HOSTILE) {
  test(`${name}: a cap is reached and told`, () => {
    const { gaps } = yaml(text);
    assert.ok(
      gaps.some(({ kind }) => kind === 'cap'),
      JSON.stringify(gaps.slice(0, 3)),
    );
    assert.ok(gaps.length <= 2 * READING_LIMITS.gaps + 1);
  });
}

test('NUL bytes and control characters are read without a fault of ours', () => {
  assert.equal(scalarAt(yaml('a: b\0c\n').root, 'a')?.text, 'b\0c');
});

test('no text makes a reader throw, and every place lies in the file', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '&x ',
    '*x',
    '<<: ',
    '"',
    "'",
    '|',
    '>',
    '\r\n',
    '\r',
    '\t',
    '[',
    ']',
    '{',
    '}',
    ',',
    '#',
    '!t ',
    '---\n',
    '\\',
    '\\u00',
    '\ufeff',
    '\0',
    '😀',
    '[[',
    ']]',
    '=',
    '/*',
    '//',
    '"""',
    "'''",
  );
  const check = (node: Node | undefined, length: number): void => {
    if (node === undefined) return;
    assert.ok(node.span.start >= 0 && node.span.start <= node.span.end && node.span.end <= length);
    if (node.kind === 'list') for (const item of node.items) check(item, length);
    else if (node.kind === 'map')
      for (const { key, value } of node.entries) for (const one of [key, value]) check(one, length);
    else {
      let last = 0;
      for (let index = 0; index <= node.text.length; index++) {
        const offset = node.offsetOf(index);
        assert.ok(offset >= last && offset <= length);
        last = offset;
      }
    }
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const file = { path: 'a', text };
      const matter = readers.frontMatter(file);
      assert.ok(matter.body.start <= matter.body.end && matter.body.end === text.length);
      const readings = [
        readers.yaml(file),
        readers.json(file),
        readers.json(file, { strict: true }),
        readers.toml(file),
        matter.meta,
        ...readers.yamlDocuments(file),
      ];
      for (const { root, gaps } of readings) {
        check(root, text.length);
        for (const { place } of gaps) assert.ok(place.span.start >= 0 && place.span.end <= text.length);
      }
    }),
    { numRuns: RUNS },
  );
});
