import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SallyportError } from '../../src/errors/index.ts';
import { prepareOutDirectory, writeReports } from '../../src/run/out-directory.ts';
import { HOSTILE, sampleReport } from './sample-report.ts';

const root = mkdtempSync(join(tmpdir(), 'out-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

function isCode(code: string) {
  return (error: unknown) => error instanceof SallyportError && error.code === code;
}

test('an absent directory is made, an empty one is taken', () => {
  prepareOutDirectory(join(root, 'deep/new'));
  prepareOutDirectory(join(root, 'deep/new'));
  assert.deepEqual(readdirSync(join(root, 'deep/new')), []);
});

test('evidence of another run is never written over, and a file is no directory', () => {
  const full = join(root, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'report.json'), '{}');
  assert.throws(() => prepareOutDirectory(full), isCode('SP1701'));
  assert.throws(() => prepareOutDirectory(join(full, 'report.json')), isCode('SP1701'));
  assert.throws(() => prepareOutDirectory(join(full, 'report.json/out')), isCode('SP1701'));
  assert.equal(readFileSync(join(full, 'report.json'), 'utf8'), '{}');
});

test('every projection of the report is written, and none is live where the text in it is hostile', () => {
  const out = join(root, 'reports');
  prepareOutDirectory(out);
  const report = sampleReport(HOSTILE);
  writeReports(out, report, report.dataFlow);
  assert.deepEqual(readdirSync(out).toSorted(), [
    '.gitignore',
    'dataflow.json',
    'report.html',
    'report.json',
    'report.md',
  ]);
  assert.equal(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).run, report.run);
  assert.deepEqual(
    JSON.parse(readFileSync(join(out, 'dataflow.json'), 'utf8')),
    JSON.parse(JSON.stringify(report.dataFlow)),
  );
  assert.doesNotMatch(readFileSync(join(out, 'report.html'), 'utf8'), /<script>alert/);
});

test('a report is not written through a link that stands at its place', () => {
  const out = join(root, 'linked');
  prepareOutDirectory(out);
  symlinkSync('../target.md', join(out, 'report.md'));
  const report = sampleReport('x');
  assert.throws(() => writeReports(out, report, report.dataFlow), isCode('SP1709'));
  assert.ok(!existsSync(join(root, 'target.md')));
});

test('of a report that the disk takes half of nothing stays, and the error names it', () => {
  const out = join(root, 'small');
  prepareOutDirectory(out);
  const words = Array.from({ length: 2000 }, (_, at) => `word-${at}`).join(' ');
  const room = JSON.stringify(join(import.meta.dirname, '../../src/run/out-directory.ts'));
  const sample = JSON.stringify(join(import.meta.dirname, 'sample-report.ts'));
  const script = `const { writeReports } = await import(${room}); const { sampleReport } = await import(${sample});
    const report = sampleReport(${JSON.stringify(words)});
    try { writeReports(${JSON.stringify(out)}, report, report.dataFlow); } catch (error) { console.log(error.code, error.message); }`;
  // A limit on the size of a file stands for the end of the disk: a part is written, then the system refuses.
  const { stdout } = spawnSync(
    'bash',
    ['-c', 'ulimit -f 4; exec "$0" --input-type=module -e "$1"', process.execPath, script],
    {
      encoding: 'utf8',
    },
  );
  assert.match(stdout, /^SP1709 .*\/small\/report\.json: it is too large\n$/);
  assert.deepEqual(readdirSync(out), ['.gitignore']);
});

test('a report that cannot be written is an error with its own code', () => {
  const report = sampleReport('x');
  assert.throws(() => writeReports(join(root, 'nowhere'), report, report.dataFlow), isCode('SP1709'));
});
