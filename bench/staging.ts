/**
 * What staging and collecting cost, beside `cp -a` and `git worktree add` of the same checkout. `--help` for the options.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultPolicy, INITIAL_STATE } from '../src/policy/index.ts';
import { createSentinel } from '../src/text/index.ts';
import { collectChange, type Stage, stageWorkspace, type Write } from '../src/workspace/index.ts';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    files: { type: 'string', default: '100,10000' },
    rounds: { type: 'string', default: '7' },
    bytes: { type: 'string', default: '2000' },
  },
});

const HELP = `usage: node bench/staging.ts [options]
  --files A,B   sizes of the checkout in files (100,10000)
  --rounds N    interleaved rounds; the first is not counted (7)
  --bytes N     mean size of a file (2000)
Prints medians, and ratios to \`cp -a\` of the same checkout.`;

const POLICY = defaultPolicy('generic');

const SENTINEL = createSentinel([
  { name: 'KEY', value: `sk-ant-api03-${'k'.repeat(40)}` },
  { name: 'TOKEN', value: `ghp_${'t'.repeat(36)}` },
]);

function git(directory: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];
  execFileSync('git', ['-C', directory, ...identity, ...args], { stdio: 'ignore' });
}

function makeCheckout(directory: string, files: number, bytes: number): void {
  mkdirSync(directory);
  const line = `${'const value = compute(input, 42);'.padEnd(79)}\n`;
  for (let index = 0; index < files; index += 1) {
    const folder = join(directory, `src/p${Math.floor(index / 50)}`);
    if (index % 50 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `f${index}.ts`),
      `// ${index}\n${line.repeat(Math.ceil((bytes * ((index % 9) + 1)) / 400))}`,
    );
  }
  git(directory, 'init', '-q');
  git(directory, 'add', '-A');
  git(directory, 'commit', '-qm', 'one');
  git(directory, '-c', 'pack.threads=1', 'repack', '-a', '-d', '-q');
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function timed(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function stage(source: string, destination: string, scan: boolean): Promise<Stage> {
  mkdirSync(destination);
  const sentinel = scan ? SENTINEL : undefined;
  const fixed = { base: undefined, hide: [['.env']], hidden: 'empty', provided: [], owner: undefined } as const;
  return stageWorkspace({ source, destination, ...fixed, sentinel, random: randomBytes });
}

async function collect(staged: Stage, output: string): Promise<void> {
  mkdirSync(output);
  const fixed = {
    limits: { files: 500, bytes: 16_000_000 },
    decide: (write: Write) => POLICY.decide({ plane: 'file', ...write }, INITIAL_STATE),
    sentinel: SENTINEL,
  };
  await collectChange({ workspace: staged.lower, lower: staged.lower, baseline: staged.baseline, output, ...fixed });
}

type Way = (round: string) => unknown;

async function measure(files: number, rounds: number, bytes: number): Promise<void> {
  const room = mkdtempSync(join(tmpdir(), 'staging-bench-'));
  try {
    const source = join(room, 'checkout');
    makeCheckout(source, files, bytes);
    let last: Stage | undefined;
    const ways: Record<string, Way> = {
      'cp -a': (round) => execFileSync('cp', ['-a', source, `${round}-cp`]),
      'git worktree add': (round) => git(source, 'worktree', 'add', '-q', '--detach', `${round}-worktree`),
      'stage, no secrets': (round) => stage(source, `${round}-plain`, false),
      'stage, secrets scanned': async (round) => {
        last = await stage(source, `${round}-scan`, true);
      },
      'collect, nothing changed': (round) => (last ? collect(last, `${round}-out`) : undefined),
    };
    const times = new Map<string, number[]>();
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, way] of Object.entries(ways)) {
        const taken = await timed(() => way(join(room, String(round))));
        if (round > 0) times.set(name, [...(times.get(name) ?? []), taken]);
      }
    }
    const reference = median(times.get('cp -a') ?? []);
    console.log(`\n${files} files, median of ${rounds}`);
    for (const [name, taken] of times) {
      const value = median(taken);
      console.log(
        `  ${name.padEnd(26)} ${value.toFixed(1).padStart(8)} ms   ${(value / reference).toFixed(2).padStart(6)} × cp -a`,
      );
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

if (values.help) console.log(HELP);
else
  for (const files of values.files.split(','))
    await measure(Number(files), Number(values.rounds), Number(values.bytes));
