import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { PARTS } from '../../scripts/check-full-parts.ts';
import { testFiles } from '../../scripts/test-files.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const out = mkdtempSync(join(tmpdir(), 'sallyport-check-full-'));
after(() => rmSync(out, { recursive: true }));

function checkFull(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'scripts/check-full.ts'), '--out', out, ...words],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

test('every test that can be asked for more inputs or trials is in a part', () => {
  const inParts = new Set(
    PARTS.flatMap((part) => (part.kind === 'tests' ? part.paths : [])).flatMap((path) => testFiles(join(ROOT, path))),
  );
  const asked = testFiles(join(ROOT, 'test')).filter((file) =>
    /SALLYPORT_(?:FUZZ_RUNS|FAULT_TRIALS)|fuzzRuns\(|hostile-programs\.ts/.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(
    asked.filter((file) => !inParts.has(file) && file !== import.meta.filename),
    [],
  );
});

test('a part that needs something from outside says what, and is skipped in the open', () => {
  const { status, stdout } = checkFull('benchmark-java');
  assert.equal(status, 0);
  assert.ok(readFileSync(join(out, 'results.txt'), 'utf8').endsWith(stdout));
  assert.match(stdout, /^skipped benchmark-java .* needs --with 'benchmark-java=DIRECTORY of the checkout'\n$/);
});

test('a part that does not exist is a mistake of whoever typed it', () => {
  assert.deepEqual(checkFull('nonsense'), {
    status: 2,
    stdout: '',
    stderr: 'no such part: nonsense; --list prints them\n',
  });
  assert.equal(checkFull('--inputs', 'x', 'policy').status, 2);
});
