import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, type Edit } from '../../../src/findings/index.ts';

const RUNS = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300) };
const edit = (start: number, end: number, text: string): Edit => ({ file: 'a', span: { start, end }, text });
const applied = (text: string) => ({ kind: 'applied', text });

test('edits replace, insert and delete; the order of the list does not matter', () => {
  assert.deepEqual(applyEdits('abcdef', []), applied('abcdef'));
  assert.deepEqual(applyEdits('abcdef', [edit(4, 5, 'E!'), edit(0, 1, ''), edit(6, 6, 'g')]), applied('bcdE!fg'));
  assert.deepEqual(applyEdits('', [edit(0, 0, 'x')]), applied('x'));
});

test('insertions at one place keep their order and stand before what is replaced there', () => {
  assert.deepEqual(applyEdits('abc', [edit(1, 2, 'B'), edit(1, 1, '1'), edit(1, 1, '2')]), applied('a12Bc'));
  assert.deepEqual(applyEdits('abc', [edit(0, 1, 'A'), edit(1, 1, '-')]), applied('A-bc'));
});

test('edits that cannot be made together or at all are rejected and nothing is changed', () => {
  const cases = [
    [[edit(0, 2, 'x'), edit(1, 3, 'y')], 'overlap'],
    [[edit(0, 3, 'x'), edit(1, 1, 'y')], 'overlap'],
    [[edit(0, 1, 'x'), edit(0, 1, 'x')], 'overlap'],
    [[edit(-1, 1, 'x')], 'outside'],
    [[edit(2, 1, 'x')], 'outside'],
    [[edit(0, 9, 'x')], 'outside'],
    [[edit(0.5, 1, 'x')], 'outside'],
    [[edit(0, 4, 'x')], 'split'],
    [[edit(4, 5, 'x')], 'split'],
  ] as const;
  for (const [edits, reason] of cases) {
    const outcome = applyEdits('abc\ud83d\ude00', edits);
    assert.equal(outcome.kind === 'rejected' && outcome.reason, reason, JSON.stringify(edits));
  }
});

test('lines that come into a file with CRLF end like the others, wherever the edit begins', () => {
  const text = 'a:\r\n  b: 1\r\n';
  const whole = applied('a:\r\n  c: 2\r\n  b: 1\r\n');
  assert.deepEqual(applyEdits(text, [edit(4, 4, '  c: 2\n')]), whole);
  // Between the carriage return and the line feed, and before both.
  assert.deepEqual(applyEdits(text, [edit(3, 3, '\n  c: 2')]), whole);
  assert.deepEqual(applyEdits(text, [edit(2, 2, '\r\n  c: 2')]), whole);
  // Up to the line feed: the carriage return is not lost with the line.
  assert.deepEqual(applyEdits(text, [edit(4, 11, '  b: 2')]), applied('a:\r\n  b: 2\r\n'));
  assert.deepEqual(applyEdits('a\r\nb\n', [edit(0, 0, 'x\n')]), applied('x\na\r\nb\n'));
});

test('an edit at the very start of a file that begins with an empty CRLF line keeps every character behind it', () => {
  const text = '\r\na: 1\r\n';
  assert.deepEqual(applyEdits(text, [edit(0, 0, 'x\n')]), applied('x\r\n\r\na: 1\r\n'));
  assert.deepEqual(applyEdits(text, [edit(0, 2, '')]), applied('a: 1\r\n'));
});

test('no edit leaves a line that ends otherwise in a file whose lines all end with CRLF', () => {
  const scene = fc.tuple(
    fc.array(fc.constantFrom('a', ' b:', '\r\n'), { maxLength: 20 }).map((pieces) => `${pieces.join('')}\r\n`),
    fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom('', 'c', '\n', 'd\n', '\r\ne')), { maxLength: 6 }),
  );
  fc.assert(
    fc.property(scene, ([text, list]) => {
      const edits: Edit[] = [];
      let at = 0;
      for (const [gap, length, replacement] of list) {
        const start = at === 0 ? gap : at + gap + 1;
        if (start + length > text.length) break;
        at = start + length;
        edits.push(edit(start, at, replacement));
      }
      const outcome = applyEdits(text, edits);
      assert.ok(outcome.kind === 'applied' && !/(?<!\r)\n/.test(outcome.text), JSON.stringify(outcome));
    }),
    RUNS,
  );
});

test('everything outside the ranges stays byte for byte, whatever the line ends', () => {
  const scene = fc
    .tuple(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('\r\n', '\n', '\r', '\ufeff')), { maxLength: 20 }),
      fc.array(fc.tuple(fc.nat(200), fc.nat(5), fc.string()), { maxLength: 6 }),
    )
    .map(([pieces, list]) => ({ text: pieces.join(''), list }))
    // Where all lines end with CRLF, the edits are fitted to them.
    .filter(({ text }) => !text.includes('\r\n') || /(?<!\r)\n/.test(text));
  fc.assert(
    fc.property(scene, ({ text, list }) => {
      const edits: Edit[] = [];
      let at = 0;
      let expected = '';
      for (const [gap, length, replacement] of list) {
        const start = at + (gap % 7) + 1;
        if (start + length > text.length) break;
        expected += text.slice(at, start) + replacement;
        at = start + length;
        edits.push(edit(start, at, replacement));
      }
      assert.deepEqual(applyEdits(text, edits.toReversed()), applied(expected + text.slice(at)));
    }),
    RUNS,
  );
});
