import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { readSuppressionComments } from '../../../src/findings/index.ts';

const RUNS = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300) };
const read = (text: string, path = 'a.yml') => readSuppressionComments({ path, text });

test('every comment syntax is read', () => {
  const body = 'sallyport: ignore[AGT001, CRD002] reason="known" until=2026-12-31';
  const lines = [`# ${body}`, `// ${body}`, `<!-- ${body} -->`, `-- ${body}`, `/* ${body} */`, `#${body}`];
  for (const line of lines) {
    const { comments, faults } = read(`first: 1\n${line}\nx: 1\n`);
    assert.deepEqual(faults, [], line);
    assert.equal(comments.length, 1, line);
    const [comment] = comments;
    assert.deepEqual(comment?.rules, ['AGT001', 'CRD002']);
    assert.equal(comment?.reason, 'known');
    assert.equal(comment?.until, '2026-12-31');
    assert.equal(comment?.scope, 'line');
    assert.deepEqual(comment?.place, { file: 'a.yml', span: { start: 9, end: 9 + line.length } });
  }
});

test('a comment on a line of its own covers the next line that says something', () => {
  const text = '# sallyport: ignore[AGT001] reason="r"\n\n# more\nuses: x\nother: y\n';
  const [comment] = read(text).comments;
  assert.deepEqual(
    comment?.covers.map(({ start, end }) => text.slice(start, end)),
    ['# sallyport: ignore[AGT001] reason="r"\n', 'uses: x\n'],
  );
});

test('a comment behind something covers that line only', () => {
  const text = 'uses: x # sallyport: ignore[AGT001] reason="r"\nother: y\n';
  const [comment] = read(text).comments;
  assert.deepEqual(comment?.covers, [{ start: 0, end: text.indexOf('\n') + 1 }]);
});

test('the name elsewhere in the line does not hide the comment', () => {
  const text = 'image: acme/sallyport:1 # sallyport: ignore[SUP001] reason="ours"\n';
  assert.equal(read(text).comments[0]?.place.span.start, text.indexOf('#'));
});

test('a closing mark may follow without a blank', () => {
  const { comments, faults } = read(
    '<!--sallyport:ignore[A] reason="r" until=2026-01-01-->\n/*sallyport: ignore[A] reason="r"*/',
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    comments.map(({ until }) => until),
    ['2026-01-01', undefined],
  );
});

test('in Markdown a line with # is a heading and is covered', () => {
  const text = '<!-- sallyport: ignore[INP001] reason="r" -->\n# Heading\ntext\n';
  const [comment] = read(text, 'AGENTS.md').comments;
  assert.deepEqual(comment?.covers.map(({ start, end }) => text.slice(start, end)).at(-1), '# Heading\n');
});

test('ignore-file counts in the first comment, behind a document mark too, and nowhere else', () => {
  const directive = '# sallyport: ignore-file[AGT001] reason="r"';
  for (const head of ['', '# copyright\n\n', '---\n', '\ufeff']) {
    const { comments, faults } = read(`${head}${directive}\nname: x\n`);
    assert.deepEqual([comments.length, comments[0]?.scope, faults], [1, 'file', []]);
  }
  const { comments, faults } = read(`name: x\n${directive}\n`);
  assert.deepEqual(comments, []);
  assert.deepEqual(
    faults.map(({ kind, place }) => [kind, place?.span]),
    [['misplaced', { start: 8, end: 8 + directive.length }]],
  );
});

test('a comment that cannot be used is a fault with its place', () => {
  const cases = [
    ['# sallyport: ignore[AGT001]', 'unreasoned'],
    ['# sallyport: ignore[AGT001] reason=""', 'unreasoned'],
    ['# sallyport: ignore[AGT001] reason="  "', 'unreasoned'],
    ['# sallyport: ignore[AGT001] because', 'malformed'],
    ['# sallyport: ignore[AGT001] reason=because', 'malformed'],
    ['# sallyport: ignore[AGT001] reason="open', 'malformed'],
    ['# sallyport: ignore[] reason="r"', 'malformed'],
    ['# sallyport: ignore AGT001 reason="r"', 'malformed'],
    ['# sallyport: disable[AGT001] reason="r"', 'malformed'],
  ] as const;
  for (const [text, kind] of cases) {
    const { comments, faults } = read(text);
    assert.deepEqual(
      [comments.length, faults.map((fault) => [fault.kind, fault.by, fault.place?.span])],
      [0, [[kind, 'comment', { start: 0, end: text.length }]]],
      text,
    );
  }
});

test('a comment that only speaks about Sallyport is no suppression and no fault', () => {
  for (const text of [
    '# sallyport: contains this job',
    '# see sallyport: the policy',
    '# sallyport: ignored files are listed below',
  ]) {
    assert.deepEqual(read(text), { comments: [], faults: [] }, text);
  }
});

test('text that is no comment suppresses nothing', () => {
  for (const text of [
    'a#sallyport: ignore[A] reason="r"',
    'sallyport: ignore[A] reason="r"',
    'x--sallyport: ignore[A] reason="r"',
  ]) {
    assert.deepEqual(read(text), { comments: [], faults: [] }, text);
  }
});

test('no text makes the reader fail, and every place lies in the text', () => {
  const piece = fc.constantFrom(
    '# ',
    'sallyport:',
    ' ignore',
    '-file',
    '[',
    'AGT001',
    ',',
    ']',
    ' reason=',
    '"',
    ' until=',
    '2026-01-01',
    '\n',
    '\r\n',
    '<!--',
    '-->',
    '*/',
    "'",
    '\ufeff',
    'x',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const { comments, faults } = read(text);
      for (const { place } of [...comments, ...faults]) {
        assert.ok(place && place.span.start >= 0 && place.span.start < place.span.end && place.span.end <= text.length);
      }
    }),
    RUNS,
  );
});

test('a very long line is read in linear time', () => {
  for (const text of [
    '# sallyport:'.repeat(100_000),
    `# sallyport: ignore[${' ,'.repeat(200_000)}`,
    `# sallyport: ignore[A]${' until=x'.repeat(100_000)}`,
    '<!--'.repeat(200_000),
  ]) {
    assert.deepEqual(read(text).comments, []);
  }
});

describe('a comment above a step', () => {
  const step = (comment: string) =>
    `jobs:\n  a:\n    steps:\n      ${comment}\n      - run: |\n          claude -p "x"\n          echo done\n      - run: echo other\n`;

  function coveredText(text: string): string {
    const [comment] = readSuppressionComments({ path: 'x.yml', text }).comments;
    return (comment?.covers ?? []).map(({ start, end }) => text.slice(start, end)).join('');
  }

  it('covers the whole step and not the next one', () => {
    const covered = coveredText(step('# sallyport: ignore[AGT001] reason="a test key"'));
    assert.match(covered, /echo done/);
    assert.doesNotMatch(covered, /other/);
  });

  it('covers one line only where the next line opens no block', () => {
    const text = 'jobs:\n  # sallyport: ignore[AGT001] reason="a test key"\n  a:\n    runs-on: x\n';
    assert.doesNotMatch(coveredText(text), /runs-on/);
  });

  it('is not used when it names a last day where nobody looks for one', () => {
    for (const words of ['until 2027-01-31 for now', 'until=2027-01-31', 'until "2027-01-31"']) {
      const { comments, faults } = read(step(`# sallyport: ignore[AGT001] reason a test account ${words}`));
      assert.deepEqual(
        [comments.length, faults[0]?.kind],
        words === 'until "2027-01-31"' ? [1, undefined] : [0, 'malformed'],
        words,
      );
    }
    const spoken = read(step('# sallyport: ignore[AGT001] reason kept until the 2027 release')).comments[0];
    assert.deepEqual([spoken?.reason, spoken?.until], ['kept until the 2027 release', undefined]);
  });

  it('may say its reason and its last day in plain words', () => {
    const text = step('# sallyport: ignore[AGT001] reason the key opens a test account until 2027-01-31');
    const [comment] = readSuppressionComments({ path: 'x.yml', text }).comments;
    assert.deepEqual([comment?.reason, comment?.until], ['the key opens a test account', '2027-01-31']);
  });
});
