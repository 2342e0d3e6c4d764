/**
 * What containment costs a command: until the command runs (policy, staging, self-test), and in all, with ledger, patch
 * and teardown. The command is `date`, which says when it ran. Against the plain command, bare bubblewrap, one Node start, and sandbox-runtime when SALLYPORT_BENCH_SRT is
 * the path of its `srt`, and another build of Sallyport when SALLYPORT_BENCH_OTHER is its directory. Interleaved rounds,
 * the first discarded; medians and p10–p90; as root also the processor time of all that was started. `--help` for the
 * options.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createProcessorMeter, type ProcessorMeter } from './support/processor-meter.ts';

interface Contender {
  readonly name: string;
  readonly argv: readonly string[];
}

const root = resolve(import.meta.dirname, '..');
const srt = process.env['SALLYPORT_BENCH_SRT'] ?? '';
const other = process.env['SALLYPORT_BENCH_OTHER'] ?? '';

/** Milliseconds. */
interface Sample {
  readonly wall: number;
  readonly processor: number;
  /** Until the command ran; NaN where it does not say so. */
  readonly start: number;
}

const COMMAND = ['/bin/date', '+%s%N'] as const;

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
  const run = ['run', '--out', out, '--', ...COMMAND];
  const all: Contender[] = [
    { name: 'plain', argv: COMMAND },
    { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
    { name: 'bwrap --unshare-all', argv: ['bwrap', '--unshare-all', '--ro-bind', '/', '/', ...COMMAND] },
    { name: 'sallyport run', argv: [join(root, 'bin/sallyport'), ...run] },
  ];
  if (existsSync(other)) all.push({ name: 'the other build', argv: [join(resolve(other), 'bin/sallyport'), ...run] });
  // By this Node: what is found on PATH may be another.
  if (existsSync(srt)) all.push({ name: 'sandbox-runtime', argv: [process.execPath, srt, ...COMMAND] });
  return all;
}

function measure(contender: Contender, cwd: string, out: string, meter: ProcessorMeter | undefined): Sample {
  rmSync(out, { recursive: true, force: true });
  const [program = '', ...args] = meter ? meter.wrap(contender.argv) : contender.argv;
  const used = meter?.read() ?? Number.NaN;
  const before = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  const wall = performance.now() - before;
  if (status !== 0) throw new Error(`${contender.name} failed (${status}): ${stderr}`);
  const said = /^\d{19}$/m.exec(stdout)?.[0];
  const start = said === undefined ? Number.NaN : Number(said) / 1e6 - (performance.timeOrigin + before);
  return { wall, processor: (meter?.read() ?? Number.NaN) - used, start };
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function main(): void {
  if (process.argv.includes('--help')) {
    console.log('usage: node bench/startup.ts [--rounds N]');
    console.log('SALLYPORT_BENCH_SRT=path of srt, SALLYPORT_BENCH_OTHER=directory of another build');
    return;
  }
  const rounds = argument('--rounds', 21);
  const repository = makeRepository();
  const out = join(tmpdir(), `sallyport-bench-out-${process.pid}`);
  const all = contenders(out);
  console.log(
    `Sallyport from ${existsSync(join(root, 'dist/cli.js')) ? 'the bundle in dist/' : 'its sources: not built'}`,
  );
  const samples = new Map<string, Sample[]>(all.map((contender) => [contender.name, []]));
  using meter = createProcessorMeter();
  for (let round = 0; round <= rounds; round++) {
    for (const contender of all) {
      const sample = measure(contender, repository, out, meter);
      if (round > 0) samples.get(contender.name)?.push(sample);
    }
  }
  rmSync(repository, { recursive: true });
  rmSync(out, { recursive: true, force: true });
  report(samples);
}

function report(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const sorted = (name: string, key: keyof Sample): number[] =>
    (samples.get(name) ?? []).map((sample) => sample[key]).toSorted((a, b) => a - b);
  const medianOf = (name: string, key: keyof Sample = 'wall'): number => quantile(sorted(name, key), 0.5);
  for (const name of samples.keys()) {
    const times = sorted(name, 'wall');
    const range = `(${quantile(times, 0.1).toFixed(1)}–${quantile(times, 0.9).toFixed(1)})`;
    const added = `+${(medianOf(name) - medianOf('plain')).toFixed(1)} ms over the plain command`;
    const ratio = `${(medianOf(name) / medianOf('node -e 0')).toFixed(2)} × one Node start`;
    const start = medianOf(name, 'start') - medianOf('plain', 'start');
    const until = Number.isNaN(start) ? '' : `, +${start.toFixed(1)} ms until it runs`;
    const processor = `processor ${quantile(sorted(name, 'processor'), 0.5).toFixed(1)} ms`;
    console.log(
      `${name.padEnd(22)} ${medianOf(name).toFixed(1).padStart(7)} ms  ${range}  ${added}${until}, ${ratio}, ${processor}`,
    );
  }
}

main();
