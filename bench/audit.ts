/**
 * Time and memory of an audit, beside zizmor and actionlint over the same workflows, by turns in one run.
 * usage: SALLYPORT_BENCH_CORPUS=DIR [SALLYPORT_BENCH_ZIZMOR=PATH] [SALLYPORT_BENCH_ACTIONLINT=PATH] node bench/audit.ts [--rounds N]
 *
 * Every directory in DIR is a repository with files under `.github/workflows`. Peers read the first of them, or the one
 * named `wf`; programs that are not given are left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Way {
  readonly name: string;
  readonly command: readonly string[];
  readonly directory: string;
}

interface Sample {
  readonly milliseconds: number;
  /** Processor time of the process and its children, in milliseconds. */
  readonly processor: number;
  /** Largest resident set, in MiB. */
  readonly memory: number;
}

const corpus = process.env['SALLYPORT_BENCH_CORPUS'];
if (corpus === undefined || !existsSync(corpus)) {
  console.log('skipped: SALLYPORT_BENCH_CORPUS names no directory');
  process.exit(0);
}
const at = process.argv.indexOf('--rounds');
const rounds = at >= 0 ? Number(process.argv[at + 1]) : 5;
const repositories = readdirSync(corpus).filter((name) => statSync(join(corpus, name)).isDirectory());
const workflows = repositories.includes('wf') ? 'wf' : repositories[0];
const program = resolve(import.meta.dirname, '../bin/sallyport');

const ways = [...repositories.map(ownWay), ...peerWays()];
const samples = new Map<Way, Sample[]>(ways.map((way) => [way, []]));
for (let round = 0; round < rounds; round++) {
  for (const way of ways) samples.get(way)?.push(measure(way));
}

const own = ways.find(({ name }) => name === `sallyport ${workflows}`);
const base = own === undefined ? undefined : medianOf(own, ({ milliseconds }) => milliseconds);
console.log(
  `${'median of '.concat(String(rounds)).padEnd(24)} ${'wall'.padStart(9)} ${'processor'.padStart(10)} ${'memory'.padStart(8)}   ratio`,
);
for (const way of ways) {
  const wall = medianOf(way, ({ milliseconds }) => milliseconds);
  const processor = medianOf(way, (sample) => sample.processor);
  const memory = medianOf(way, (sample) => sample.memory);
  const ratio = base === undefined || way.directory !== own?.directory ? '' : `${(wall / base).toFixed(2)} ×`;
  console.log(
    `${way.name.padEnd(24)} ${`${Math.round(wall)} ms`.padStart(9)} ${`${Math.round(processor)} ms`.padStart(10)} ${`${Math.round(memory)} MiB`.padStart(8)}   ${ratio}`,
  );
}

function ownWay(name: string): Way {
  const directory = join(corpus ?? '.', name);
  const command = [program, 'audit', directory, '--profile', 'all', '--format', 'json', '--fail-on', 'never'];
  return { name: `sallyport ${name}`, directory, command };
}

function peerWays(): readonly Way[] {
  const zizmor = process.env['SALLYPORT_BENCH_ZIZMOR'];
  const actionlint = process.env['SALLYPORT_BENCH_ACTIONLINT'];
  if (workflows === undefined) return [];
  const directory = join(corpus ?? '.', workflows);
  const files = join(directory, '.github/workflows');
  const listed = existsSync(files) ? readdirSync(files).map((name) => join(files, name)) : [];
  return [
    ...(zizmor === undefined
      ? []
      : [
          {
            name: 'zizmor',
            directory,
            command: [zizmor, '--offline', '--no-exit-codes', '-q', '--format', 'json', directory],
          },
        ]),
    ...(actionlint === undefined
      ? []
      : [
          {
            name: 'actionlint',
            directory,
            command: [actionlint, '-shellcheck=', '-pyflakes=', '-format', '{{json .}}', ...listed],
          },
        ]),
  ];
}

/** GNU time reports processor time and memory of exactly one child; without it both are 0. */
function measure({ command }: Way): Sample {
  const timed = existsSync('/usr/bin/time');
  const [file = '', ...rest] = timed ? ['/usr/bin/time', '-f', '%U %S %M', ...command] : command;
  const before = performance.now();
  const { stderr } = spawnSync(file, rest, { encoding: 'utf8', maxBuffer: 1 << 29 });
  const milliseconds = performance.now() - before;
  const [user, system, memory] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (!timed || user === undefined || system === undefined || memory === undefined) {
    return { milliseconds, processor: 0, memory: 0 };
  }
  return { milliseconds, processor: (user + system) * 1000, memory: memory / 1024 };
}

function medianOf(way: Way, of: (sample: Sample) => number): number {
  const sorted = (samples.get(way) ?? []).map(of).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
