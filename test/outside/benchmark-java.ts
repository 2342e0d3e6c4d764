/**
 * Scores the taint engine on a local checkout of OWASP-Benchmark/BenchmarkJava: `node test/outside/benchmark-java.ts DIR`.
 * A test is a hit when a finding of the expected CWE lies in its file. The set is split by a hash of the test's name;
 * only the tuning half may be looked at (`--misses` lists it). Where the catalogue has a sink for a CWE, only flows count:
 * a warning that an interface is used at all says nothing about the test. `--help` explains.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGrammars } from '../../src/code/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { analyseTree, ENGINE_LIMITS, loadCatalogue } from '../../src/taint/index.ts';
import { readDirectoryTree } from '../../src/workspace/index.ts';

interface Expected {
  readonly name: string;
  readonly category: string;
  readonly real: boolean;
  readonly cwe: number;
}

interface Outcome extends Expected {
  readonly found: boolean;
}

const TESTS = 'src/main/java/org/owasp/benchmark/testcode';

function readExpected(directory: string): readonly Expected[] {
  const lines = readFileSync(join(directory, 'expectedresults-1.2.csv'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name = '', category = '', real, cwe] = line.trim().split(',');
    return line.startsWith('#') || name === '' ? [] : { name, category, real: real === 'true', cwe: Number(cwe) };
  });
}

function isTuning(name: string): boolean {
  return (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 0;
}

/** True-positive rate, false-positive rate, precision. */
function rates(outcomes: readonly Outcome[]) {
  const count = (real: boolean, found: boolean) => outcomes.filter((o) => o.real === real && o.found === found).length;
  const [tp, fn, fp, tn] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const tpr = tp / Math.max(1, tp + fn);
  const fpr = fp / Math.max(1, fp + tn);
  return { tp, fn, fp, tn, tpr, fpr, precision: tp / Math.max(1, tp + fp), youden: tpr - fpr };
}

function print(title: string, outcomes: readonly Outcome[]): void {
  const all = rates(outcomes);
  const categories = [...new Set(outcomes.map((outcome) => outcome.category))].sort();
  const each = categories.map((name) => ({ name, ...rates(outcomes.filter((outcome) => outcome.category === name)) }));
  const mean = each.reduce((sum, category) => sum + category.youden, 0) / each.length;
  const show = (value: number) => value.toFixed(3);
  console.log(
    `${title}: ${outcomes.length} tests, TPR ${show(all.tpr)}, FPR ${show(all.fpr)}, precision ${show(all.precision)}, ` +
      `Youden pooled ${show(all.youden)}, category mean ${show(mean)}`,
  );
  for (const { name, tp, fn, fp, tn, youden } of each)
    console.log(`  ${name.padEnd(16)} TP ${tp} FN ${fn} FP ${fp} TN ${tn}  Youden ${show(youden)}`);
}

async function score(directory: string, misses: boolean): Promise<void> {
  const expected = readExpected(directory);
  const tree = await readDirectoryTree(directory);
  const catalogue = await loadCatalogue(await loadReaders());
  const used = process.cpuUsage();
  using grammars = await loadGrammars(['java', 'javascript', 'tsx']);
  const clock = process.hrtime.bigint;
  const result = await analyseTree(
    { tree, only: undefined, catalogue, threatModel: 'service', limits: ENGINE_LIMITS, clock },
    grammars,
  );
  const { user, system } = process.cpuUsage(used);
  const found = new Set<string>();
  const own = <Row extends { readonly languages: readonly string[] }>(rows: readonly Row[]) =>
    rows.filter(({ languages }) => languages.includes('java'));
  const sinks = own(catalogue.sinks);
  const flows = new Set(sinks.map((row) => row.cwe));
  for (const { rule, message, flow, place } of result.findings) {
    const rows = flow
      ? sinks.filter((row) => row.rule === rule)
      : own(catalogue.patterns).filter((row) => row.rule === rule && row.message === message && !flows.has(row.cwe));
    for (const row of rows) found.add(`${place.file} ${row.cwe}`);
  }
  const outcomes = expected.map((test) => ({ ...test, found: found.has(`${TESTS}/${test.name}.java ${test.cwe}`) }));
  console.log(
    `${result.filesRead} files, ${result.functionsAnalysed} functions, ${result.gaps.length} gaps, ${((user + system) / 1e6).toFixed(1)} s of a processor`,
  );
  const half = (tuning: boolean) => outcomes.filter(({ name }) => isTuning(name) === tuning);
  print('tuning half', half(true));
  print('held-out half', half(false));
  print('all', outcomes);
  if (!misses) return;
  for (const { name, category, real, found: hit } of half(true))
    if (real !== hit) console.log(`${real ? 'missed' : 'false alarm'} ${category} ${name}`);
}

const [directory] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (directory === undefined || process.argv.includes('--help')) {
  console.log(
    'usage: node test/outside/benchmark-java.ts [--misses] DIRECTORY\nScores the taint engine on a checkout.',
  );
  process.exitCode = directory === undefined && !process.argv.includes('--help') ? 2 : 0;
} else await score(directory, process.argv.includes('--misses'));
