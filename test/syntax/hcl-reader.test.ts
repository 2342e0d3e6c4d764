import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Node, nodeAt, READING_LIMITS, readHcl, scalarAt } from '../../src/syntax/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const hcl = (text: string) => readHcl({ path: 'main.tf', text });

/** A block that is written twice is a list, as in HCL's JSON form. */
function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const byKey = Map.groupBy(node.entries, ({ key }) => key.text);
  return Object.fromEntries(
    [...byKey].map(([key, entries]) => [
      key,
      entries.length === 1 && entries[0] ? toPlain(entries[0].value) : entries.map(({ value }) => toPlain(value)),
    ]),
  );
}

test('attributes, blocks, labels and comments make one tree', () => {
  const text = `# first
terraform { required_version = ">= 1.9" } // on one line
/* a
   block */
resource "acme_server" web {
  count = 2 # two of them
  ready = true
  none  = null
  disk { size = 10 }
  disk {
    size = 20
  }
}
`;
  const { root, gaps } = hcl(text);
  assert.deepEqual(gaps, []);
  assert.ok(root);
  assert.deepEqual(toPlain(root), {
    terraform: { required_version: '>= 1.9' },
    resource: {
      acme_server: { web: { count: 2, ready: true, none: null, disk: [{ size: 10 }, { size: 20 }] } },
    },
  });
});

test('lists, objects and converting calls are read, other expressions are kept as text', () => {
  const text = `a = [1, "b", # c
  [true],]
b = { "x" : 1, y = [2]
  (var.k) = 3, z = "q" }
c = jsonencode({ Effect = "Allow" })
d = concat(["a"], var.more)
e = var.on ? "a, b" : "c" # no
f = [for s in var.all : upper(s) if s != "}"]
g = { for k, v in var.m : k => v }
h = lookup({ a = "}" }, "a", "b")
`;
  const { root, gaps } = hcl(text);
  assert.deepEqual(gaps, []);
  assert.ok(root);
  assert.deepEqual(toPlain(root), {
    a: [1, 'b', [true]],
    b: { x: 1, y: [2], '(var.k)': 3, z: 'q' },
    c: { Effect: 'Allow' },
    d: [['a'], 'var.more'],
    e: 'var.on ? "a, b" : "c"',
    f: '[for s in var.all : upper(s) if s != "}"]',
    g: '{ for k, v in var.m : k => v }',
    h: 'lookup({ a = "}" }, "a", "b")',
  });
});

test('templates and here-documents hold brackets and quotes of their own', () => {
  const text = 'a = "x ${f("}", { b = "\\"" })} $${no} \\u0041"\nb = <<-EOT\n  {"k": "}"}\n  EOT\nc = 1\n';
  const { root, gaps } = hcl(text);
  assert.deepEqual(gaps, []);
  assert.equal(scalarAt(root, 'a')?.text, 'x ${f("}", { b = """ })} $${no} A');
  assert.equal(scalarAt(root, 'b')?.text, '  {"k": "}"}\n');
  assert.equal(scalarAt(root, 'c')?.value, 1);
});

test('each character of a value knows its place', () => {
  const text = 'a = "x\\ny"\nb = <<EOT\nline\nEOT\n';
  const { root } = hcl(text);
  const a = scalarAt(root, 'a');
  assert.deepEqual(a?.span, { start: 4, end: 10 });
  assert.deepEqual([a?.offsetOf(0), a?.offsetOf(1), a?.offsetOf(2)], [5, 6, 8]);
  assert.equal(scalarAt(root, 'b')?.offsetOf(2), text.indexOf('ne\n'));
});

test('what is not HCL is a gap, and what follows is read', () => {
  for (const broken of ['= 1', 'a b c', 'x = "open', '}', 'y "l" = 2']) {
    const { root, gaps } = hcl(`${broken}\nz = 3\n`);
    assert.ok(gaps.length > 0, broken);
    assert.equal(scalarAt(root, 'z')?.value, 3, broken);
  }
  assert.ok(hcl('a {\n b = 1\n').gaps.length > 0);
  assert.equal(scalarAt(hcl('a {\n b = 1\n').root, 'a', 'b')?.value, 1);
});

test('what is nested too deeply is cut, with a gap', () => {
  for (const opening of ['a {\n', 'a = [', 'a = {b=', 'a = "${', 'a = jsonencode(']) {
    const body = opening.startsWith('a {') ? opening.repeat(5000) : opening + opening.slice(4).repeat(5000);
    assert.ok(hcl(body).gaps.length > 0, opening);
  }
});

test('time grows with the size of hostile text, not with its square', () => {
  const size = 200_000;
  for (const piece of [
    '[',
    '{',
    '"',
    '${',
    '/*',
    '<<A\n',
    'a=',
    'a{',
    '(',
    'jsonencode(',
    'a',
    '"a" ',
    '#',
    '\\',
    '$${',
  ]) {
    const text = `x = ${piece.repeat(size / piece.length)}`;
    const { gaps } = hcl(text);
    assert.ok(gaps.length <= READING_LIMITS.gaps);
  }
});

test('no text makes it throw, and every place lies in the file', () => {
  const pieces = [
    'a',
    ' ',
    '=',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    '${',
    '}',
    '\n',
    ',',
    '<<EOT\n',
    'EOT\n',
    '#',
    '/*',
    '*/',
    '\\',
    'for ',
    ':',
    '?',
    'jsonencode(',
    '1',
    '-',
    '\ufeff',
    '\u{1F600}',
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      const { root, gaps } = hcl(text);
      const open: Node[] = root ? [root] : [];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        assert.ok(node.span.start >= 0 && node.span.start <= node.span.end && node.span.end <= text.length);
        if (node.kind === 'list') open.push(...node.items);
        else if (node.kind === 'map') open.push(...node.entries.flatMap(({ key, value }) => [key, value]));
        else assert.ok(node.offsetOf(0) <= text.length);
      }
      for (const { place } of gaps) assert.ok(place.span.end <= text.length);
    }),
    { numRuns: RUNS },
  );
});

test('a file full of strings takes time in proportion to its length', () => {
  const list = `a = [${'"b",'.repeat(480_000)}]`;
  const before = process.threadCpuUsage();
  hcl(list);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok(user + system < 3_000_000, `${(user + system) / 1e6} s`);
});

test('values that were written are read again', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.boolean(),
      fc.integer(),
      fc.string().filter((text) => !/[\b\f]|[$%]\{|[$%]$/.test(text)),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('any'), { maxLength: 4 }),
    map: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), tie('any'), { maxKeys: 4 }),
  })).any;
  fc.assert(
    fc.property(value, (written) => {
      const { root, gaps } = hcl(`value = ${JSON.stringify(written)}\n`);
      assert.deepEqual(gaps, []);
      const read = nodeAt(root, 'value');
      assert.ok(read);
      assert.equal(JSON.stringify(toPlain(read)), JSON.stringify(written));
    }),
    { numRuns: RUNS },
  );
});
