import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { loadReaders, type Node, scalarAt } from '../../src/syntax/index.ts';

const readers = await loadReaders();
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const toml = (text: string) => readers.toml({ path: 'config.toml', text });

function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, toPlain(value)]));
}

test('tables, dotted keys, lists of tables and inline tables make one tree', () => {
  const text = [
    'model = "x"',
    'a.b."c.d" = 1',
    '[mcp_servers."my server"] # note',
    "command = 'C:\\npx'",
    'args = [ "-y", # first',
    '  "pkg", ]',
    'env = { K.L = "v", M = true }',
    '[[hooks]]',
    'n = 0x1F',
    '[[hooks]]',
    'n = 1_000',
    '[hooks.inner]',
    'when = 2026-01-02T03:04:05Z',
    '',
  ].join('\n');
  const { root, gaps } = toml(text);
  assert.deepEqual(gaps, []);
  assert.ok(root);
  assert.deepEqual(toPlain(root), {
    model: 'x',
    a: { b: { 'c.d': 1 } },
    mcp_servers: { 'my server': { command: 'C:\\npx', args: ['-y', 'pkg'], env: { K: { L: 'v' }, M: true } } },
    hooks: [{ n: 31 }, { n: 1000, inner: { when: '2026-01-02T03:04:05Z' } }],
  });
  assert.equal(scalarAt(root, 'mcp_servers', 'my server', 'args', 1)?.span.start, text.indexOf('"pkg"'));
});

test('places inside strings are exact over escapes and line ends', () => {
  const text = 'a = """\r\none\\u0041 \\\r\n   two"""\n';
  const scalar = scalarAt(toml(text).root, 'a');
  assert.equal(scalar?.text, 'oneA two');
  assert.equal(scalar.offsetOf(0), text.indexOf('one'));
  assert.equal(scalar.offsetOf(3), text.indexOf('\\u0041'));
  assert.equal(scalar.offsetOf(5), text.indexOf('two'));
  assert.equal(scalar.offsetOf(8), text.indexOf('two') + 3);
});

test('a broken line is a gap, and the lines behind it are read', () => {
  const text = 'a = 1\nb = = 2\nc\n[d]\ne = 3\n';
  const { root, gaps } = toml(text);
  assert.equal(scalarAt(root, 'd', 'e')?.value, 3);
  assert.ok(gaps.length >= 2);
});

test('what only the whole file shows to be invalid is a gap', () => {
  assert.deepEqual(
    toml('a = 1\na = 2\n').gaps.map(({ kind, place }) => [kind, place.span.start]),
    [['syntax', 6]],
  );
  assert.equal(toml('a = 01\n').gaps[0]?.kind, 'syntax');
});

test('nesting and size are cut', () => {
  assert.equal(toml(`a = ${'['.repeat(50_000)}`).gaps[0]?.kind, 'cap');
  assert.equal(toml(`${'a.'.repeat(500)}b = 1`).gaps[0]?.kind, 'cap');
  assert.equal(toml('a = 1\n'.repeat(1_000_000)).gaps[0]?.kind, 'cap');
});

test('a file full of strings takes time in proportion to its length', () => {
  const list = `a = [${'"b",'.repeat(480_000)}]`;
  const before = process.threadCpuUsage();
  toml(list);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok(user + system < 3_000_000, `${(user + system) / 1e6} s`);
});

test('what the library writes is read as it was meant', () => {
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer());
  const key = fc.string().filter((name) => name !== '__proto__');
  const table = fc.dictionary(
    key,
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf, { maxKeys: 3 })),
    { maxKeys: 5 },
  );
  fc.assert(
    fc.property(table, (value) => {
      const { root, gaps } = toml(stringify(value));
      assert.ok(root);
      assert.deepEqual(gaps, []);
      assert.deepEqual(toPlain(root), JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: RUNS },
  );
});
