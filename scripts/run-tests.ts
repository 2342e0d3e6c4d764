/**
 * Runs the test files with Node's own runner, a few at a time, and ends with its summary.
 * usage: node scripts/run-tests.ts [--concurrency N] [PATH…]   (a path is a file or a folder under test/)
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testFiles } from './test-files.ts';

const root = resolve(import.meta.dirname, '..');

/** When the newest file below a directory was written, in milliseconds. */
function newestIn(directory: string): number {
  return Math.max(
    ...readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log('usage: node scripts/run-tests.ts [--concurrency N] [PATH…]');
  process.exit(0);
}
const at = args.indexOf('--concurrency');
const concurrency = at >= 0 ? (args.splice(at, 2)[1] ?? '2') : '2';
const missing = args.filter((path) => !existsSync(path));
if (missing.length > 0) {
  console.error(`no such test path: ${missing.join(', ')}`);
  process.exit(2);
}
// Tests through `bin/sallyport` use the bundle when there is one; an old one would hide what was changed since.
const bundle = join(root, 'dist/cli.js');
if (existsSync(bundle) && statSync(bundle).mtimeMs < newestIn(join(root, 'src'))) {
  console.error('dist/ is older than src/: run `make build`, or remove dist/ to test the sources');
  process.exit(2);
}
const files = (args.length > 0 ? args.map((path) => resolve(path)) : [join(root, 'test')]).flatMap(testFiles).sort();
const isLong = process.env['SALLYPORT_FUZZ_RUNS'] !== undefined || process.env['SALLYPORT_FAULT_TRIALS'] !== undefined;
/** A test that does not end in time failed; a part of `make check-full` may take hours. */
const minutes = isLong ? 600 : 5;
/** A chance input must not decide whether a change lands: only the long forms draw new ones. */
const seed = isLong ? [] : [`--import=${pathToFileURL(join(root, 'test/support/fixed-seed.ts'))}`];
/** Most files load the same sources: half of their time is reading TypeScript, which is kept here under its digest. */
const compiled = join(root, 'node_modules/.cache/compiled-sources');
const result = spawnSync(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${minutes * 60_000}`,
    '--disable-warning=ExperimentalWarning',
    ...seed,
    ...files,
  ],
  { cwd: root, stdio: 'inherit', env: { NODE_COMPILE_CACHE: compiled, ...process.env } },
);
process.exit(result.status ?? 1);
