/** Runs every benchmark in bench/, one after the other, and prints what each prints. `--help` explains; arguments name some. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const directory = resolve(import.meta.dirname, '../bench');
const all = readdirSync(directory)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort();
const asked = process.argv.slice(2);

if (asked.includes('--help')) {
  console.log(`usage: node scripts/run-benches.ts [NAME…]\nBenchmarks: ${all.join(', ')}`);
  process.exit(0);
}
let failed = 0;
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(directory, `${name}.ts`)],
    { stdio: 'inherit' },
  );
  if (status !== 0) failed += 1;
}
process.exit(failed > 0 ? 1 : 0);
