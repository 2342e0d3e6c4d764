/**
 * Reversed security fixes against ordinary commits: how many are noticed, and how many alarms there are for nothing.
 *
 *   node bench/weakening.ts [--half tuning|held-out|all] [--set FILE] [--most FIXES,CONTROLS] [--explain ID] [--rules]
 *     [--misses] [--values] PROJECT=GIT_DIRECTORY…
 *
 * The commits are in `weakening/changes.json`, derived by `test/outside/reversed-fixes.ts`. `--misses` and `--explain`
 * show the tuning half only: the other one is for measuring. `--most`
 * takes so many of a project: fixes spread over its history, controls in the order in which they were drawn. `--values`
 * prints what the model of risk weighs, a line of JSON for each change, for `bench/risk.ts`.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GRAMMARS, type Grammars, loadGrammars } from '../src/code/index.ts';
import { compareCode, reconcileMoves, sumTurnovers, type Trail, type Turnover } from '../src/controls/code/index.ts';
import { assessChange, type ControlChange } from '../src/controls/index.ts';
import { valuesOf } from '../src/controls/risk.ts';

type Run = 'reversed' | 'forward' | 'control';

interface Change {
  readonly id: string;
  readonly lines: number;
  readonly files: readonly string[];
}

interface Project {
  readonly name: string;
  readonly fixes: readonly Change[];
  readonly controls: readonly Change[];
}

interface Result {
  readonly project: string;
  readonly id: string;
  readonly run: Run;
  readonly changes: readonly ControlChange[];
  /** What the program says of the change as a whole. */
  readonly score: number;
  /** What the score weighs. */
  readonly values: readonly number[];
  /** 5 for each high, 2 for each medium, 0.5 for each low row. */
  readonly points: number;
  readonly keyword: number;
  readonly lines: number;
  /** Lines that the change loses on balance. */
  readonly loss: number;
}

const KEYWORDS =
  /auth|perm|role|admin|token|secret|passw|valid|saniti|escap|check|verify|allow|deny|csrf|secur|access/i;
const POINTS: { readonly [severity: string]: number } = { critical: 5, high: 5, medium: 2, low: 0.5 };
const COUNTED = new Set(['weakened', 'changed', 'added-capability']);

const options = process.argv.slice(2);
const flag = (name: string): string | undefined => {
  const at = options.indexOf(`--${name}`);
  return at < 0 ? undefined : (options[at + 1] ?? '');
};
const half = flag('half') ?? 'all';
const directories = new Map(
  options
    .filter((one) => /^[\w-]+\/[\w-]+=/.test(one))
    .map((one): [string, string] => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
);

/** A fixed half of the set: nothing of the held-out one is looked at while rules are written. */
function isTuning(id: string): boolean {
  return (createHash('sha256').update(`half ${id}`).digest()[0] ?? 0) % 2 === 0;
}

function readBlobs(directory: string, names: readonly string[]): ReadonlyMap<string, string> {
  const output = execFileSync('git', ['-C', directory, 'cat-file', '--batch'], {
    input: `${names.join('\n')}\n`,
    maxBuffer: 1 << 30,
  });
  const blobs = new Map<string, string>();
  let at = 0;
  for (const name of names) {
    const end = output.indexOf(10, at);
    const header = output.subarray(at, end).toString();
    at = end + 1;
    const size = /blob (\d+)$/.exec(header)?.[1];
    if (size === undefined) continue;
    blobs.set(name, output.subarray(at, at + Number(size)).toString());
    at += Number(size) + 1;
  }
  return blobs;
}

/** Lines of one sign, and those of them with a keyword, from a diff without context. */
function countLines(diff: readonly string[], sign: '-' | '+'): { readonly all: number; readonly keyword: number } {
  const lines = diff.filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3)) && line.length > 1);
  return { all: lines.length, keyword: lines.filter((line) => KEYWORDS.test(line)).length };
}

function readDiff(directory: string, { id, files }: Change): readonly string[] {
  return execFileSync('git', ['-C', directory, 'show', '-U0', '--format=', id, '--', ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  }).split('\n');
}

const times: number[] = [];
let broken = 0;

function compareChange(
  change: Change,
  run: Run,
  blobs: ReadonlyMap<string, string>,
  grammars: Grammars,
): Pick<Result, 'changes' | 'score' | 'values'> {
  const turnovers: Turnover[] = [];
  const trails: Trail[] = [];
  const changes = change.files.flatMap((path) => {
    const [one, other] = [blobs.get(`${change.id}^:${path}`), blobs.get(`${change.id}:${path}`)];
    if (one === undefined || other === undefined) return [];
    const [before, after] = run === 'reversed' ? [other, one] : [one, other];
    const start = performance.now();
    const comparison = compareCode(
      { path, previousPath: undefined, before: { path, text: before }, after: { path, text: after } },
      grammars,
    );
    times.push(performance.now() - start);
    if (comparison.gaps.length > 0) broken++;
    if (comparison.turnover) turnovers.push(comparison.turnover);
    if (comparison.trail) trails.push(comparison.trail);
    return comparison.changes;
  });
  const settled = reconcileMoves(changes, trails);
  const { score, row } = assessChange(settled, turnovers);
  const values = valuesOf(settled, sumTurnovers(turnovers));
  return { changes: [...settled, ...(row === undefined ? [] : [row])], score, values };
}

function pointsOf(changes: readonly ControlChange[]): number {
  return changes.reduce(
    (sum, { direction, severity }) => sum + (COUNTED.has(direction) ? (POINTS[severity] ?? 0) : 0),
    0,
  );
}

/** So many of a list, evenly. */
function spread<Item>(list: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function measureProject(project: Project, directory: string, grammars: Grammars): readonly Result[] {
  const chosen = (change: Change): boolean => half === 'all' || isTuning(change.id) === (half === 'tuning');
  const [mostFixes = Infinity, mostControls = Infinity] = (flag('most') ?? '').split(',').filter(Boolean).map(Number);
  const fixes = spread(project.fixes.filter(chosen), mostFixes);
  const controls = project.controls.filter(chosen).slice(0, mostControls);
  const names = [...fixes, ...controls].flatMap(({ id, files }) =>
    files.flatMap((path) => [`${id}^:${path}`, `${id}:${path}`]),
  );
  const blobs = readBlobs(directory, names);
  const measure =
    (run: Run) =>
    (change: Change): Result => {
      const { changes, score, values } = compareChange(change, run, blobs, grammars);
      const diff = readDiff(directory, change);
      const [removed, added] = [countLines(diff, '-'), countLines(diff, '+')];
      const [lost, come] = run === 'reversed' ? [added, removed] : [removed, added];
      return {
        project: project.name,
        id: change.id,
        run,
        changes,
        score,
        values,
        points: pointsOf(changes),
        keyword: lost.keyword,
        lines: change.lines,
        loss: lost.all - come.all,
      };
    };
  return [...fixes.map(measure('reversed')), ...fixes.map(measure('forward')), ...controls.map(measure('control'))];
}

/** The chance that one of the first scores above one of the second; ties count one half. */
function auc(positives: readonly number[], negatives: readonly number[]): number {
  let wins = 0;
  for (const one of positives) for (const other of negatives) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
}

const isOf =
  (severity: 'high' | 'medium') =>
  ({ changes }: Result): boolean =>
    changes.some(
      (change) =>
        COUNTED.has(change.direction) &&
        (change.severity === 'high' ||
          change.severity === 'critical' ||
          (severity === 'medium' && change.severity === 'medium')),
    );

function percent(results: readonly Result[], holds: (result: Result) => boolean): string {
  return `${Math.round((100 * results.filter(holds).length) / Math.max(results.length, 1))} %`.padStart(5);
}

function of(results: readonly Result[], run: Run): readonly Result[] {
  return results.filter((result) => result.run === run);
}

function printTables(results: readonly Result[]): void {
  console.log(
    '| project | fixes, controls | reversed: high / medium+ | forward: high | controls: high / medium+ | AUC | direction |\n|---|---|---|---|---|---|---|',
  );
  const names = [...new Set(results.map(({ project }) => project)), 'all'];
  for (const name of names) {
    const own = results.filter(({ project }) => name === 'all' || project === name);
    const [reversed, forward, control] = [of(own, 'reversed'), of(own, 'forward'), of(own, 'control')];
    const scores = (list: readonly Result[]): readonly number[] => list.map(({ score }) => score);
    console.log(
      `| ${name} | ${reversed.length}, ${control.length} | ${percent(reversed, isOf('high'))} / ${percent(reversed, isOf('medium'))} | ${percent(forward, isOf('high'))} | ${percent(control, isOf('high'))} / ${percent(control, isOf('medium'))} | ${auc(scores(reversed), scores(control)).toFixed(3)} | ${auc(scores(reversed), scores(forward)).toFixed(3)} |`,
    );
  }
  const measures: readonly [string, (result: Result) => number][] = [
    ['score', ({ score }) => score],
    ['points of the rows', ({ points }) => points],
    ['keyword', ({ keyword }) => keyword],
    ['lines', ({ lines }) => lines],
    ['lines lost', ({ loss }) => loss],
    ['points + 2 × keyword', ({ points, keyword }) => points + 2 * keyword],
  ];
  console.log('\n| AUC | reversed against control | reversed against forward |\n|---|---|---|');
  for (const [name, measure] of measures) {
    const [reversed = [], forward = [], control = []] = (['reversed', 'forward', 'control'] as const).map((run) =>
      of(results, run).map(measure),
    );
    console.log(`| ${name} | ${auc(reversed, control).toFixed(3)} | ${auc(reversed, forward).toFixed(3)} |`);
  }
  console.log('\n| operating point | recall | control alerts |\n|---|---|---|');
  const scores = [40, 50, 55, 60, 65, 70, 80].map((bar): [string, (result: Result) => boolean] => [
    `score ${bar} or more`,
    ({ score }) => score >= bar,
  ]);
  const rows = [2, 5, 7, 10, 15].map((bar): [string, (result: Result) => boolean] => [
    `points ${bar} or more`,
    ({ points }) => points >= bar,
  ]);
  const keyword = [1, 2, 3].map((bar): [string, (result: Result) => boolean] => [
    `keyword, ${bar} lines or more`,
    (result) => result.keyword >= bar,
  ]);
  for (const [name, holds] of [...scores, ...rows, ...keyword])
    console.log(`| ${name} | ${percent(of(results, 'reversed'), holds)} | ${percent(of(results, 'control'), holds)} |`);
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  console.log(
    `\n${times.length} file pairs, ${broken} with parts that could not be parsed; ms a pair: median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}`,
  );
}

function printRules(results: readonly Result[]): void {
  const rules = new Map<string, Record<string, Set<string>>>();
  for (const { run, id, changes } of results)
    for (const { control, severity, direction } of changes) {
      if (!COUNTED.has(direction)) continue;
      const row = rules.get(`${control} ${severity}`) ?? {
        reversed: new Set(),
        forward: new Set(),
        control: new Set(),
      };
      row[run]?.add(id);
      rules.set(`${control} ${severity}`, row);
    }
  console.log('\nchanges with at least one: reversed / forward / control');
  for (const [name, row] of [...rules].sort())
    console.log(`${name.padEnd(44)} ${row['reversed']?.size} / ${row['forward']?.size} / ${row['control']?.size}`);
}

function printResult(result: Result): void {
  console.log(
    `\n${result.run} ${result.project} ${result.id.slice(0, 8)} score ${result.score} keyword ${result.keyword} lines ${result.lines}`,
  );
  for (const { direction, severity, control, message } of result.changes)
    if (direction !== 'strengthened') console.log(`  ${severity} ${direction} ${control}: ${message}`);
}

const file = flag('set') ?? new URL('./weakening/changes.json', import.meta.url);
const { projects }: { projects: readonly Project[] } = JSON.parse(readFileSync(file, 'utf8'));
using grammars = await loadGrammars(GRAMMARS);
const results = projects.flatMap((project) => {
  const directory = directories.get(project.name);
  return directory === undefined ? [] : measureProject(project, directory, grammars);
});
if (options.includes('--values'))
  for (const { project, run, values } of results) console.log(JSON.stringify({ project, run, values }));
else printTables(results);
if (options.includes('--rules')) printRules(results);
const shown = results.filter(({ id }) => flag('set') !== undefined || isTuning(id));
if (options.includes('--misses')) {
  for (const result of shown.filter((one) => one.run === 'reversed' && !isOf('high')(one))) printResult(result);
}
if (options.includes('--alarms'))
  for (const result of shown.filter((one) => one.run === 'control' && isOf('high')(one))) printResult(result);
if (options.includes('--forward'))
  for (const result of shown.filter((one) => one.run === 'forward' && isOf('high')(one))) printResult(result);
const wanted = flag('explain');
if (wanted !== undefined) for (const result of shown.filter(({ id }) => id.startsWith(wanted))) printResult(result);
