import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERRORS, type ErrorEntry, formatError, SallyportError } from '../../src/errors/index.ts';

const ROOT = join(import.meta.dirname, '../..');

test('every error of the catalogue can be met: some code throws it', () => {
  const sources = globSync(['src/**/*.ts', 'bin/*'], { cwd: ROOT }).filter((path) => !path.startsWith('src/errors/'));
  const met = new Set(sources.flatMap((path) => readFileSync(join(ROOT, path), 'utf8').match(/\bSP\d{4}\b/g) ?? []));
  assert.deepEqual(
    Object.keys(ERRORS).filter((code) => !met.has(code)),
    [],
  );
});

test('every error says what it is and what to do, each in its own words', () => {
  const entries = Object.entries<ErrorEntry>(ERRORS);
  for (const [code, { title, advice }] of entries) {
    assert.match(code, /^SP\d{4}$/);
    assert.match(title, /^\S.*[^.\s]$/, code);
    assert.match(advice, /^\S.*[.!]$/, code);
  }
  assert.equal(new Set(entries.map(([, { title }]) => title)).size, entries.length);
});

test('an error is one line: where, code, what, what to do', () => {
  const at = { file: 'a.yaml', line: 2, column: 3 };
  assert.equal(
    formatError(new SallyportError('SP1101', 'no', { at })),
    `a.yaml:2:3: SP1101 no — ${ERRORS.SP1101.advice}`,
  );
  assert.equal(formatError(new SallyportError('SP1101', 'no', { advice: 'Do.' })), 'SP1101 no — Do.');
});
