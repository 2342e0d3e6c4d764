/**
 * What containment costs a command: wall time of `sallyport run -- true` (policy, staging, self-test, ledger, patch,
 * teardown) against the plain command, bare bubblewrap, one Node start, and sandbox-runtime when SALLYPORT_BENCH_SRT is
 * the path of its `srt`. Interleaved rounds, the first discarded; medians and p10–p90. `--help` for the options.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Contender {
  readonly name: string;
  readonly argv: readonly string[];
}

const root = resolve(import.meta.dirname, '..');
const srt = process.env['SALLYPORT_BENCH_SRT'] ?? '';

function argument(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  return at >= 0 ? Number(process.argv[at + 1]) : fallback;
}

function makeRepository(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  for (let index = 0; index < 20; index++)
    writeFileSync(join(directory, `file-${index}.js`), `export const n = ${index};\n`);
  const git = (...args: string[]): void =>
    void spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.org', ...args], { cwd: directory });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'base');
  return directory;
}

function contenders(out: string): Contender[] {
  const all: Contender[] = [
    { name: 'plain', argv: ['/bin/true'] },
    { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
    { name: 'bwrap --unshare-all', argv: ['bwrap', '--unshare-all', '--ro-bind', '/', '/', '/bin/true'] },
    { name: 'sallyport run', argv: [join(root, 'bin/sallyport'), 'run', '--out', out, '--', '/bin/true'] },
  ];
  // By this Node: what is found on PATH may be another.
  if (existsSync(srt)) all.push({ name: 'sandbox-runtime', argv: [process.execPath, srt, '/bin/true'] });
  return all;
}

function measure(contender: Contender, cwd: string, out: string): number {
  rmSync(out, { recursive: true, force: true });
  const before = performance.now();
  const { status, stderr } = spawnSync(contender.argv[0] ?? '', contender.argv.slice(1), { cwd, encoding: 'utf8' });
  const elapsed = performance.now() - before;
  if (status !== 0) throw new Error(`${contender.name} failed (${status}): ${stderr}`);
  return elapsed;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function main(): void {
  if (process.argv.includes('--help')) {
    console.log('usage: node bench/startup.ts [--rounds N]   (SALLYPORT_BENCH_SRT=path of srt)');
    return;
  }
  const rounds = argument('--rounds', 21);
  const repository = makeRepository();
  const out = join(tmpdir(), `sallyport-bench-out-${process.pid}`);
  const all = contenders(out);
  console.log(
    `Sallyport from ${existsSync(join(root, 'dist/cli.js')) ? 'the bundle in dist/' : 'its sources: not built'}`,
  );
  const samples = new Map<string, number[]>(all.map((contender) => [contender.name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of all) {
      const elapsed = measure(contender, repository, out);
      if (round > 0) samples.get(contender.name)?.push(elapsed);
    }
  }
  rmSync(repository, { recursive: true });
  rmSync(out, { recursive: true, force: true });
  report(samples);
}

function report(samples: ReadonlyMap<string, readonly number[]>): void {
  const sorted = new Map([...samples].map(([name, times]) => [name, times.toSorted((a, b) => a - b)]));
  const medianOf = (name: string): number => quantile(sorted.get(name) ?? [], 0.5);
  for (const [name, times] of sorted) {
    const range = `(${quantile(times, 0.1).toFixed(1)}–${quantile(times, 0.9).toFixed(1)})`;
    const added = `+${(medianOf(name) - medianOf('plain')).toFixed(1)} ms over the plain command`;
    const ratio = `${(medianOf(name) / medianOf('node -e 0')).toFixed(2)} × one Node start`;
    console.log(`${name.padEnd(22)} ${medianOf(name).toFixed(1).padStart(7)} ms  ${range}  ${added}, ${ratio}`);
  }
}

main();
