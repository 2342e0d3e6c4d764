import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ScriptLanguage } from '../../src/syntax/index.ts';
import { loadScriptReader } from '../../src/syntax/script.ts';

const read = await loadScriptReader();
const runs = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const LANGUAGES: readonly ScriptLanguage[] = [
  'bash',
  'sh',
  'powershell',
  'cmd',
  'python',
  'javascript',
  'groovy',
  'other',
];
const PARTS = [
  ...[
    'git',
    ' ',
    '\n',
    '|',
    '||',
    '&&',
    '&',
    ';',
    '$(',
    ')',
    '`',
    '"',
    "'",
    '\\',
    '$',
    '${',
    '}',
    '{ ',
    '<<E',
    'E\n',
    '>>',
    '>',
    '(',
  ],
  ...[
    'if ',
    'then ',
    'fi',
    'case x in ',
    'esac',
    'for i in ',
    'do ',
    'done',
    'f() ',
    '[[ ',
    ' ]]',
    '((',
    '))',
    '#',
    '=',
    'A=',
    '~',
    '*',
  ],
  ...[
    '@"',
    '"@',
    "@'",
    "'@",
    '<#',
    '#>',
    '`\n',
    '$env:X',
    '%X%',
    '^',
    '%%f',
    'subprocess.run([',
    'execSync(`',
    '],',
    'f"',
    '\uE000',
    '\r\n',
  ],
];

test('no text makes a reader throw, and every span lies in the text', () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...PARTS), { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...LANGUAGES), (source, language) => {
      const { commands, unread } = read(source, language);
      const spans = commands.flatMap((command) => [
        command.span,
        ...command.words.flatMap((word) => [word.span, ...word.expansions.map(({ span }) => span)]),
        ...command.redirects.map(({ span }) => span),
        ...command.assignments.map(({ span }) => span),
      ]);
      for (const { start, end } of [...spans, ...unread.map(({ span }) => span)]) {
        assert.equal(
          start >= 0 && start <= end && end <= source.length,
          true,
          JSON.stringify({ source, language, start, end }),
        );
      }
    }),
    { numRuns: runs },
  );
});

test('a backslash at the end of an unclosed expansion ends with the text', () => {
  for (const source of ['${|\\', '${execSync(`\\']) {
    for (const { span } of read(source, 'bash').commands) assert.equal(span.end <= source.length, true, source);
  }
});

test('a long repetition of any construct is read to its end or to a cap', () => {
  for (const part of PARTS) {
    for (const language of LANGUAGES) assert.equal(Array.isArray(read(part.repeat(2_000), language).commands), true);
  }
});
