import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { CONTROL_CLASSES } from '../../src/controls/index.ts';
import { compareText, loadTools, type Tools } from './trees.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

/** Every file name of the table, so that every reader meets every text. */
const FILES = [...new Set(CONTROL_CLASSES.flatMap(({ attack }) => attack.after.map(({ file }) => file)))];
const TEXTS = [
  ...new Set(
    CONTROL_CLASSES.flatMap(({ attack, benign }) => [...attack.after, ...benign.before].map(({ text }) => text)),
  ),
];

/** A real text with a stretch cut out, doubled or replaced. */
const damaged = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.nat(),
    fc.nat(60),
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('{', '- ', '&a *a', '${{', '<<: *x\n', '"', '\u202e', ')))', '\t'),
    ),
  )
  .map(([text, at, length, put]) => {
    const start = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, start) + put + text.slice(start + length);
  });

describe('hostile files', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  it('never make the comparison fail, and every place lies in its file', () => {
    const texts = fc.oneof(damaged, fc.constantFrom(...TEXTS), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.constantFrom(...FILES), texts, texts, (file, old, now) => {
        const { changes } = compareText(tools, file, old, now);
        for (const { before: was, after: is, message } of changes) {
          if (was)
            assert.ok(was.span.start >= 0 && was.span.end <= old.length && was.span.start <= was.span.end, message);
          if (is) assert.ok(is.span.start >= 0 && is.span.end <= now.length && is.span.start <= is.span.end, message);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('say nothing about themselves', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), damaged, (file, text) => {
        assert.deepEqual(compareText(tools, file, text, text).changes, []);
      }),
      { numRuns: RUNS },
    );
  });

  it('are read in time that grows with their length', () => {
    const long = 4_000;
    const patterns = [
      'nosec '.repeat(long),
      '@'.repeat(long),
      'npm run '.repeat(long),
      '[submodule "'.repeat(long),
      `${'a@'.repeat(long)}:`,
      'x '.repeat(long),
      '#[allow('.repeat(long),
      'eslint-disable '.repeat(long),
    ];
    for (const file of [
      'a.py',
      '.gitattributes',
      'CODEOWNERS',
      '.npmrc',
      'yarn.lock',
      'requirements.txt',
      'check.sh',
      'app.env',
      '.semgrepignore',
    ])
      for (const text of patterns) assert.ok(compareText(tools, file, '', text).changes.length >= 0);
  });

  it('with more items than a call takes arguments are read', () => {
    const many = 150_000;
    const list = `[${'1,'.repeat(many)}1]`;
    const files: Readonly<Record<string, string>> = {
      'data/points.json': `{"a":${list}}`,
      '.eslintrc.json': `{"rules":${list}}`,
      'data/points.toml': `a = ${list}`,
      'src/a.js': `if (!f(a${',a'.repeat(many)})) throw new Forbidden();`,
      '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    steps:\n      - run: trivy fs --severity ${'HIGH,'.repeat(many)} .\n`,
    };
    for (const [file, text] of Object.entries(files))
      assert.ok(compareText(tools, file, '', text).changes.length >= 0, file);
  });

  it('that nest deep are a gap or nothing, never a crash', () => {
    for (const file of ['a.json', 'package-lock.json', 'a.yaml', '.claude/settings.json', 'test/a.test.js']) {
      const deep = `${'{"a":['.repeat(3_000)}${']}'.repeat(3_000)}`;
      assert.ok(compareText(tools, file, '{}', deep).changes.length >= 0);
    }
  });
});
