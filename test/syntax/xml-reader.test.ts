import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Node, nodeAt, READING_LIMITS, readXml, scalarAt } from '../../src/syntax/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);
const xml = (text: string) => readXml({ path: 'web.config', text });

test('elements, attributes and text make one tree', () => {
  const text = `<?xml version="1.0"?>
<!DOCTYPE a [ <!ENTITY e SYSTEM "file:///etc/passwd"> ]>
<!-- <b on="no"/> -->
<a:root one='1' two="x &amp; y &e;">
  <item>first</item>
  <item k="v">text</item>
  <empty/>
  <data><![CDATA[ <no> ]]></data>
</a:root>`;
  const { root, gaps } = xml(text);
  assert.deepEqual(gaps, []);
  const top = nodeAt(root, 'a:root');
  assert.equal(scalarAt(top, 'one')?.text, '1');
  assert.equal(scalarAt(top, 'two')?.text, 'x & y &e;');
  assert.equal(scalarAt(top, 'item', 'k')?.text, 'v');
  assert.equal(scalarAt(top, 'item', 'text')?.text, 'text');
  assert.equal(scalarAt(top, 'data')?.text, '<no>');
  assert.equal(top?.kind === 'map' ? top.entries.length : 0, 6);
  assert.equal(scalarAt(top, 'one')?.span.start, text.indexOf("1'"));
});

test('each character of a text with entities knows its place in the file', () => {
  const text = '<a one="x &amp; y &lt;&e;z">&quot;q&apos;r</a>';
  const { root } = xml(text);
  for (const [scalar, read] of [
    [scalarAt(root, 'a', 'one'), 'x & y <&e;z'],
    [scalarAt(root, 'a', 'text'), '"q\'r'],
  ] as const) {
    assert.equal(scalar?.text, read);
    for (const [index, character] of [...read].entries()) {
      const at = scalar?.offsetOf(index) ?? 0;
      const entity = /^&(?:amp|lt|quot|apos);/.test(text.slice(at));
      assert.ok(entity ? '&<"\''.includes(character) : text[at] === character, `${character} at ${at}`);
    }
    assert.equal(scalar?.offsetOf(read.length), scalar?.span.end);
  }
});

test('what is not closed, or closed twice, is a gap, and the rest is read', () => {
  const open = xml('<a><b x="1"></a>');
  assert.equal(scalarAt(open.root, 'a', 'b', 'x')?.text, '1');
  assert.ok(xml('<a></b></a>').gaps.length > 0);
  assert.ok(xml('<a').gaps.length > 0);
  assert.ok(xml('<a><!-- ').gaps.length > 0);
  assert.ok(xml('<<a/>').gaps.length > 0);
});

test('what is nested too deeply is cut, with a gap, and costs no stack', () => {
  assert.ok(xml('<a>'.repeat(50_000)).gaps.some(({ kind }) => kind === 'cap'));
});

test('hostile text is read in one pass', () => {
  for (const piece of ['<', '<a ', '<a b="', '<!--', '<![CDATA[', '<!', '<!a>', '<!a[>', '&amp;', '</a>', '<a/>', '<?'])
    assert.ok(xml(piece.repeat(200_000 / piece.length)).gaps.length <= READING_LIMITS.gaps);
});

test('no text makes it throw, and every place lies in the file', () => {
  const pieces = [
    '<',
    '>',
    '/',
    'a',
    ' ',
    '=',
    '"',
    "'",
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '&lt;',
    '\n',
    '<!DOCTYPE',
    '[',
    ']',
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      const { root, gaps } = xml(text);
      const open: Node[] = root ? [root] : [];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        assert.ok(node.span.start <= node.span.end && node.span.end <= text.length);
        if (node.kind === 'map') open.push(...node.entries.flatMap(({ key, value }) => [key, value]));
      }
      for (const { place } of gaps) assert.ok(place.span.end <= text.length);
    }),
    { numRuns: RUNS },
  );
});
