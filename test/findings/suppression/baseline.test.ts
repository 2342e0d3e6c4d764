import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../../src/errors/index.ts';
import { completeFindings, type Finding, readBaseline, writeBaseline } from '../../../src/findings/index.ts';
import { draftOf, HOSTILE, suppress } from '../sample-report.ts';

const RUNS = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300) };
const DETAILS = { reason: 'before the first audit', date: '2026-11-21' };
const read = (text: string) => readBaseline({ path: 'sallyport-baseline.json', text });
const findings = completeFindings(['a', 'b', 'c', HOSTILE].map((subject) => draftOf({ subject })));

test('a written baseline is read back: sorted, one fingerprint a line', () => {
  const text = writeBaseline(findings, { ...DETAILS, until: '2027-01-31' });
  assert.equal(writeBaseline(findings.toReversed(), { ...DETAILS, until: '2027-01-31' }), text);
  const entries = read(text);
  assert.deepEqual(
    entries.map(({ fingerprint }) => fingerprint),
    findings.map(({ fingerprint }) => fingerprint).sort(),
  );
  assert.deepEqual(
    [...new Set(entries.map(({ reason, until }) => `${reason} ${until}`))],
    ['before the first audit 2027-01-31'],
  );
  const lines = text.split('\n').filter((line) => line.includes('"fingerprint"'));
  assert.equal(lines.length, findings.length);
  const [first] = entries;
  assert.equal(text.slice(first?.place?.span.start, first?.place?.span.end), lines[0]?.trim().replace(/,$/, ''));
});

test('findings that a comment or the policy suppresses are not accepted again', () => {
  const [first, second] = findings;
  assert.ok(first && second);
  const entries = read(writeBaseline([suppress(first), second], DETAILS));
  assert.deepEqual(
    entries.map(({ fingerprint }) => fingerprint),
    [second.fingerprint],
  );
});

test('an entry that still holds keeps its reason and dates when the file is written again; an expired one is new', () => {
  const [first, second, third] = findings;
  assert.ok(first && second && third);
  const older = [
    ...read(writeBaseline([first], { reason: 'older', date: '2025-01-01', until: '2026-11-21' })),
    ...read(writeBaseline([second], { reason: 'over', date: '2025-01-01', until: '2026-11-20' })),
  ];
  const written = read(writeBaseline([first, second, third], { ...DETAILS, previous: older }));
  const of = (finding: Finding) => written.find(({ fingerprint }) => fingerprint === finding.fingerprint);
  assert.deepEqual([of(first)?.reason, of(first)?.date, of(first)?.until], ['older', '2025-01-01', '2026-11-21']);
  assert.deepEqual([of(second)?.reason, of(second)?.date], [DETAILS.reason, DETAILS.date]);
  assert.deepEqual([of(third)?.reason, of(third)?.until], [DETAILS.reason, undefined]);
});

test('an empty baseline is valid', () => {
  assert.deepEqual(read(writeBaseline([], DETAILS)), []);
});

const PRINT = 'a'.repeat(64);
const entry = (fields: object) =>
  `{\n  "format": "sallyport-baseline/1",\n  "entries": [\n    ${JSON.stringify(fields)}\n  ]\n}\n`;
const GOOD = { fingerprint: PRINT, reason: 'r', date: '2026-01-01' };

test('a file that is not a baseline is refused with line, column and advice', () => {
  const cases: readonly (readonly [string, string, number, number])[] = [
    ['', 'not JSON', 1, 1],
    ['{\n  "format": oops\n}', 'not JSON', 2, 13],
    ['[]', 'not a JSON object', 1, 1],
    ['{"format": "other/1", "entries": []}', 'the format is not', 1, 12],
    ['{"format": "sallyport-baseline/1"}', '`entries` is missing', 1, 1],
    ['{"format": "sallyport-baseline/1", "entries": {}}', '`entries` is a list', 1, 47],
    ['{"format": "sallyport-baseline/1", "entries": [], "x": 1}', 'unknown field', 1, 51],
    [entry({ ...GOOD, reason: ' ' }), 'no `reason`', 4, 5],
    [entry({ fingerprint: PRINT, reason: 'r' }), 'no `date`', 4, 5],
    [entry({ ...GOOD, date: '2026-02-30' }), '`date` is not a day', 4, 5],
    [entry({ ...GOOD, until: 'soon' }), '`until` is not a day', 4, 5],
    [entry({ ...GOOD, fingerprint: 'abc' }), '64 hexadecimal digits', 4, 5],
    [entry({ ...GOOD, who: 'me' }), 'unknown field', 4, 120],
    [entry({ ...GOOD, reason: 5 }), '`reason` is a text', 4, 87],
    ['{"format": "sallyport-baseline/1", "entries": [[[1]]]}', 'nested too deep', 1, 49],
    ['{"format": "sallyport-baseline/1", /* no */ "entries": []}', 'not JSON', 1, 36],
    [
      `{"format": "sallyport-baseline/1", "entries": [${JSON.stringify(GOOD)},\n${JSON.stringify(GOOD)}]}`,
      'twice',
      2,
      1,
    ],
  ];
  for (const [text, message, line, column] of cases) {
    assert.throws(
      () => read(text),
      (error) => {
        assert.ok(error instanceof SallyportError);
        assert.equal(error.code, 'SP2001');
        assert.ok(error.message.includes(message), `${error.message} / ${message}`);
        assert.deepEqual(error.at, { file: 'sallyport-baseline.json', line, column }, message);
        assert.ok(error.advice.length > 0);
        return true;
      },
    );
  }
});

test('no text makes the reader fail in another way', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '"format"',
    '"sallyport-baseline/1"',
    '"entries"',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
      try {
        read(pieces.join(''));
      } catch (error) {
        assert.ok(error instanceof SallyportError);
      }
    }),
    RUNS,
  );
  assert.throws(() => read('['.repeat(1_000_000)), SallyportError);
});
