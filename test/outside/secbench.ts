/**
 * Scores the engine on a fixed sample of SecBench.js: published npm packages with a known hole and the line of its sink.
 * `--help` explains. Packages are fetched with `npm pack`: nothing of them is installed or run.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFile, listFiles, readText } from './peer-suites/checkout.ts';
import { type Half, halfOf } from './peer-suites/halves.ts';
import { createEngine } from './rule-suites/analysed.ts';
import { type Alarm, foldClass } from './rule-suites/row.ts';

const HELP = `usage: node test/outside/secbench.ts --packages DIR [--fetch] [--each COUNT] [--misses] CHECKOUT

CHECKOUT is of cristianstaicu/SecBench.js. The sample is the first COUNT cases of each kind (default 8) by the hash of
their names, of those that say where the sink is. --fetch downloads what DIR lacks; a package that is gone is left out.
A case is found when a finding of its weakness lies within a line of the sink; parameters of exported functions count as
data from outside. Cases are split by the hash of their names; --misses lists the tuning half alone.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    packages: { type: 'string' },
    fetch: { type: 'boolean', default: false },
    each: { type: 'string', default: '8' },
    misses: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const KINDS: Readonly<Record<string, number>> = {
  'command-injection': 78,
  'path-traversal': 22,
  'code-injection': 94,
  'prototype-pollution': 1321,
  redos: 1333,
};

interface Case {
  readonly name: string;
  readonly kind: string;
  /** `name@version` */
  readonly package: string;
  readonly file: string;
  readonly line: number;
}

function readCases(directory: string, each: number): readonly Case[] {
  const hashed = ({ name }: Case): string => createHash('sha256').update(`sample ${name}`).digest('hex');
  return Object.keys(KINDS).flatMap((kind) => {
    const paths = listFiles(join(directory, kind)).filter((path) => /^[^/]+\/package\.json$/.test(path));
    const cases = paths.flatMap((path) => readCase(kind, path, readText(directory, kind, path)) ?? []);
    return cases.toSorted((a, b) => (hashed(a) < hashed(b) ? -1 : 1)).slice(0, each);
  });
}

function readCase(kind: string, path: string, text: string): Case | undefined {
  const { dependencies, sink }: { dependencies?: Record<string, string>; sink?: unknown } = JSON.parse(text);
  const [dependency] = Object.entries(dependencies ?? {});
  const [, file, line] = /^\.?\/?([^:\s]+):(\d+)/.exec(typeof sink === 'string' ? sink.trim() : '') ?? [];
  if (!dependency || file === undefined) return undefined;
  const [name, version] = dependency;
  if (!/^[\w@./-]+$/.test(name) || !/^[\w.+-]+$/.test(version)) return undefined;
  return { name: `${kind}/${path.split('/')[0]}`, kind, package: `${name}@${version}`, file, line: Number(line) };
}

/** Where the files of a package are; `undefined` when it is not here and cannot be fetched. */
function packageFolder(folder: string, { package: name }: Case, fetch: boolean): string | undefined {
  const own = join(folder, name.replace(/[/@]/g, '_'));
  const inside = join(own, 'package');
  if (existsSync(inside)) return inside;
  if (!fetch) return undefined;
  mkdirSync(own, { recursive: true });
  const packed = spawnSync('npm', ['pack', name, '--ignore-scripts', '--silent'], { cwd: own, encoding: 'utf8' });
  const archive = packed.stdout.trim().split('\n').at(-1) ?? '';
  if (packed.status !== 0 || archive === '') return undefined;
  const unpacked = spawnSync('tar', ['xzf', archive, '--no-same-owner'], { cwd: own });
  return unpacked.status === 0 && existsSync(inside) ? inside : undefined;
}

const LARGEST = 400_000;

function readPackage(folder: string): { readonly [path: string]: string } {
  const paths = listFiles(folder).filter(
    (path) =>
      /\.(?:[cm]?[jt]s|[jt]sx)$|(?:^|\/)package\.json$/.test(path) &&
      !/(?:^|\/)node_modules\/|\.min\.js$|\.d\.ts$/.test(path),
  );
  const files = paths.map((path) => [path, readText(folder, path)] as const);
  return Object.fromEntries(files.filter(([, text]) => text.length <= LARGEST));
}

interface Counts {
  found: number;
  all: number;
}

function isFound({ file, line, kind }: Case, alarms: readonly Alarm[]): boolean {
  const wanted = foldClass(KINDS[kind] ?? 0);
  return alarms.some(
    (alarm) =>
      (alarm.file === file || alarm.file.endsWith(`/${file}`)) &&
      alarm.line - 1 <= line &&
      alarm.lastLine + 1 >= line &&
      alarm.classes.includes(wanted),
  );
}

async function score(directory: string, folder: string): Promise<void> {
  const cases = readCases(directory, Number(values.each));
  const tables = new Map<string, Record<Half, Counts>>();
  const left: string[] = [];
  let others = 0;
  using engine = await createEngine();
  for (const one of cases) {
    const where = packageFolder(folder, one, values.fetch);
    if (where === undefined || !isFile(where, one.file)) {
      left.push(one.name);
      continue;
    }
    const alarms = await engine.alarms(readPackage(where), 'library');
    const found = isFound(one, alarms);
    others += alarms.length - (found ? 1 : 0);
    for (const group of [one.kind, 'all']) {
      const table = tables.get(group) ?? { tuning: { found: 0, all: 0 }, 'held-out': { found: 0, all: 0 } };
      tables.set(group, table);
      const counts = table[halfOf(one.name)];
      counts.all++;
      if (found) counts.found++;
    }
    if (values.misses && !found && halfOf(one.name) === 'tuning') {
      const text = readText(where, one.file).split('\n')[one.line - 1]?.trim().slice(0, 120);
      process.stdout.write(`missed ${one.name} ${one.file}:${one.line} ${text}\n`);
    }
  }
  for (const [group, halves] of [...tables].sort()) {
    const cells = (['tuning', 'held-out'] as const).map(
      (half) => `${half}: ${halves[half].found} of ${halves[half].all}`,
    );
    process.stdout.write(`${group.padEnd(20)} ${cells.join('   ')}\n`);
  }
  process.stdout.write(
    `${others} other findings in the packages; left out, not to be had or without the file: ${left.length}\n`,
  );
}

const [directory] = positionals;
if (values.help || directory === undefined || values.packages === undefined) {
  process.stdout.write(`${HELP}\n`);
  process.exitCode = values.help ? 0 : 2;
} else await score(directory, values.packages);
