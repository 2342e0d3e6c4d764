/** The long checks, part by part, with a line of result for each. `--help` explains. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type OutsidePart, PARTS, type Part, type TestPart } from './check-full-parts.ts';
import { testFiles } from './test-files.ts';

const HELP = `usage: node scripts/check-full.ts [--list] [--inputs COUNT] [--out DIRECTORY] [--with PART=ARGUMENTS]… [PART…]

Runs the parts that are named, or all. Each ends with one line: passed, failed or skipped, and why. The lines are kept
in results.txt, what a part printed in PART.log.

  --list                  print the parts and how long each takes on two idle cores
  --inputs COUNT          so many inputs for each property, instead of the part's own number
  --out DIRECTORY         where results.txt and the logs go (default: out/check-full)
  --with PART=ARGUMENTS   for a part that needs something from outside: what its script is called with

Exit codes: 0 nothing failed · 1 a part failed · 2 usage`;

const root = resolve(import.meta.dirname, '..');

const RUN_TESTS = ['scripts/run-tests.ts', '--concurrency', '2'];

interface Result {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/** The test files of a part: those that no part before it has. */
function filesOf(part: TestPart): readonly string[] {
  const before = PARTS.slice(0, PARTS.indexOf(part)).flatMap((other) => (other.kind === 'tests' ? other.paths : []));
  const taken = new Set(before.flatMap((path) => testFiles(join(root, path))));
  return part.paths.flatMap((path) => testFiles(join(root, path))).filter((file) => !taken.has(file));
}

function runTests(part: TestPart, { out, inputs = part.inputs }: Request): Result {
  const { status, log } = start(join(out, `${part.name}.log`), [...RUN_TESTS, ...filesOf(part)], {
    ...(inputs === undefined ? {} : { SALLYPORT_FUZZ_RUNS: String(inputs) }),
    ...(part.trials === undefined ? {} : { SALLYPORT_FAULT_TRIALS: String(part.trials) }),
  });
  const count = (word: string) => new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(log)?.[1] ?? '?';
  const often = [
    ...(inputs === undefined ? [] : [`${inputs} inputs a property`]),
    ...(part.trials === undefined ? [] : [`${part.trials} trials`]),
  ];
  const detail = `${often.join(', ')}; ${count('pass')} tests passed, ${count('fail')} failed, ${count('skipped')} skipped`;
  return { state: status === 0 ? 'passed' : 'failed', detail };
}

/** An outside script ends with 3 when what it compares with is not on this machine. */
const ABSENT = 3;

function runOutside(part: OutsidePart, request: Request): Result {
  const given = request.given.get(part.name);
  if (part.needs !== undefined && given === undefined)
    return { state: 'skipped', detail: `needs --with '${part.name}=${part.needs}'` };
  const { status, log } = start(join(request.out, `${part.name}.log`), [part.script, ...(given?.split(' ') ?? [])], {});
  const last = log.trimEnd().split('\n').at(-1) ?? '';
  if (status === ABSENT) return { state: 'skipped', detail: last };
  return { state: status === 0 ? 'passed' : 'failed', detail: last };
}

/** Starts a script of ours; what it prints goes to a file. */
function start(path: string, args: readonly string[], environment: { readonly [name: string]: string }) {
  const stream = openSync(path, 'w');
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', stream, stream],
  });
  return { status, log: readFileSync(path, 'utf8') };
}

function formatResult(part: Part, { state, detail }: Result, seconds: number): string {
  return `${state.padEnd(7)} ${part.name.padEnd(18)} ${formatTime(seconds).padStart(7)}  ${detail}`;
}

function formatTime(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function list(): void {
  for (const part of PARTS) {
    const cost =
      part.kind === 'outside' ? `outside: ${part.needs ?? 'found on this machine'}` : `${part.minutes} minutes`;
    console.log(`${part.name.padEnd(18)} ${part.what} (${cost})`);
  }
  const minutes = PARTS.reduce((sum, part) => sum + (part.kind === 'tests' ? part.minutes : 0), 0);
  console.log(`All: about ${Math.round(minutes / 60)} hours on two idle cores.`);
}

interface Request {
  readonly out: string;
  readonly inputs?: number | undefined;
  /** What `--with` gives to parts. */
  readonly given: ReadonlyMap<string, string>;
  readonly names: readonly string[];
}

function readRequest(words: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      inputs: { type: 'string' },
      out: { type: 'string', default: join(root, 'out/check-full') },
      with: { type: 'string', multiple: true },
    },
  });
  const given = new Map((values.with ?? []).map((text) => [text.split('=')[0] ?? '', text.replace(/^[^=]*=/, '')]));
  const inputs = values.inputs === undefined ? undefined : Number(values.inputs);
  if (inputs !== undefined && !(inputs >= 1)) throw new TypeError(`--inputs ${values.inputs} is no number`);
  const unknown = [...positionals, ...given.keys()].filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) throw new TypeError(`no such part: ${unknown.join(', ')}; --list prints them`);
  return { out: resolve(values.out), inputs, given, names: positionals };
}

function check(request: Request): number {
  const { out, names } = request;
  mkdirSync(out, { recursive: true });
  let failed = 0;
  for (const part of PARTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const began = performance.now();
    const result = part.kind === 'tests' ? runTests(part, request) : runOutside(part, request);
    const line = formatResult(part, result, Math.round((performance.now() - began) / 1000));
    console.log(line);
    appendFileSync(join(out, 'results.txt'), `${new Date().toISOString()} ${line}\n`);
    if (result.state === 'failed') failed += 1;
  }
  return failed > 0 ? 1 : 0;
}

function main(words: readonly string[]): number {
  if (words.includes('--help')) console.log(HELP);
  else if (words.includes('--list')) list();
  else {
    try {
      return check(readRequest(words));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      console.error(error.message);
      return 2;
    }
  }
  return 0;
}

process.exit(main(process.argv.slice(2)));
