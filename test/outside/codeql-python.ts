/**
 * Scores the engine on CodeQL's tests for Python, from a local checkout of Semmle/ql or github/codeql. `--help` explains.
 * Nothing of the suite is kept here.
 */
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles, readText } from './peer-suites/checkout.ts';
import { halfOf } from './peer-suites/halves.ts';
import { createEngine } from './rule-suites/analysed.ts';
import { type Alarm, foldClass } from './rule-suites/row.ts';
import { HalfTables, share } from './support/half-tables.ts';

const HELP = `usage: node test/outside/codeql-python.ts [--misses] [--alarms] CHECKOUT

The lines are those of the tables '#select' of the suite's expected results. Recall: such lines with a finding of the same
weakness. Precision: such findings among all findings of that weakness in the same folder: what the table does not name,
or its line calls right, counts as false. Files are split by the hash of their names; --misses and --alarms list the tuning half alone.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    misses: { type: 'boolean', default: false },
    alarms: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const TESTS = 'python/ql/test/query-tests/Security';

/** The folders that are scored: flows, and weaknesses of single calls. The first seven and 327 and 732 are the core. */
const WEAKNESSES = new Set([22, 78, 79, 89, 94, 502, 601, 327, 732, 209, 215, 295, 377, 798]);

interface Program {
  readonly cwe: number;
  readonly files: { readonly [path: string]: string };
  /** `file:line` that a query reports. */
  readonly lines: ReadonlySet<string>;
}

function readPrograms(directory: string): readonly Program[] {
  const paths = listFiles(join(directory, TESTS));
  const folders = [...new Set(paths.filter((path) => path.endsWith('.expected')).map((path) => dirname(path)))];
  return folders.flatMap((folder): readonly Program[] => {
    const cwe = Number(/CWE-(\d+)/.exec(folder)?.[1] ?? 0);
    if (!WEAKNESSES.has(cwe)) return [];
    const own = paths.filter((path) => path.startsWith(`${folder}/`));
    const read = (path: string): string => readText(directory, TESTS, path);
    const files = Object.fromEntries(own.filter((path) => path.endsWith('.py')).map((path) => [path, read(path)]));
    const tables = own.filter((path) => path.endsWith('.expected') && basename(path) !== 'TestNode.expected');
    const named = tables.flatMap((path) => selected(read(path)).map((at) => join(folder, at)));
    // The expected results hold what the queries get wrong, too, and the tests say so.
    const lines = new Set(
      named.filter(
        (at) => !/#.*\bOK\b(?!.*NOT OK)|\bFP\b/.test(lineOf(files, at)) || /# NOT OK/.test(lineOf(files, at)),
      ),
    );
    return lines.size === 0 ? [] : [{ cwe, files, lines }];
  });
}

/** The first column of the result table, as `file:line`. */
function selected(text: string): readonly string[] {
  const start = text.indexOf('#select');
  if (start < 0 && /^edges/m.test(text)) return [];
  const rows = text.slice(Math.max(0, start)).split('\n');
  return rows.flatMap((row) => {
    const [, file, line] = /^\|\s*([^|:\s]+\.py):(\d+):/.exec(row) ?? [];
    return file === undefined ? [] : [`${file}:${line}`];
  });
}

interface Counts {
  found: number;
  all: number;
  others: number;
}

const tables = new HalfTables((): Counts => ({ found: 0, all: 0, others: 0 }));

function lineOf(files: Program['files'], at: string): string {
  const [file = '', line = ''] = at.split(':');
  return files[file]?.split('\n')[Number(line) - 1]?.trim() ?? '';
}

function score({ cwe, files, lines }: Program, alarms: readonly Alarm[]): void {
  const own = alarms.filter(({ classes }) => classes.includes(foldClass(cwe)));
  const within = ({ file, line, lastLine }: Alarm, at: string): boolean => {
    const [path, number] = at.split(':');
    return file === path && line <= Number(number) && lastLine >= Number(number);
  };
  const groups = [String(cwe).padStart(3, '0'), 'all'];
  for (const at of lines) {
    const file = at.split(':')[0] ?? '';
    const found = own.some((alarm) => within(alarm, at));
    for (const group of groups) {
      const counts = tables.of(group, halfOf(file));
      counts.all++;
      if (found) counts.found++;
    }
    if (values.misses && !found && halfOf(file) === 'tuning')
      process.stdout.write(`missed ${at} ${lineOf(files, at)}\n`);
  }
  for (const alarm of own) {
    if ([...lines].some((at) => within(alarm, at))) continue;
    for (const group of groups) tables.of(group, halfOf(alarm.file)).others++;
    if (values.alarms && halfOf(alarm.file) === 'tuning')
      process.stdout.write(`beside ${alarm.file}:${alarm.line} ${lineOf(files, `${alarm.file}:${alarm.line}`)}\n`);
  }
}

const [directory] = positionals;
if (values.help || directory === undefined) {
  process.stdout.write(`${HELP}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  using engine = await createEngine();
  for (const program of readPrograms(directory)) score(program, await engine.alarms(program.files));
  for (const [group, halves] of tables.rows()) {
    const cells = (['tuning', 'held-out'] as const).map((half) => {
      const { found, all, others } = halves[half];
      const recall = `recall ${share(found, all)} (${found}/${all})`.padEnd(22);
      return `${half}: ${recall} precision ${share(found, found + others)} (${others} beside)`.padEnd(62);
    });
    process.stdout.write(`${group.padEnd(6)} ${cells.join(' ')}\n`);
  }
}
