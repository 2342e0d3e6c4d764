/** What the two OWASP benchmarks share: the list of what is wrong, the halves, and the figures. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FindingDraft } from '../../../src/findings/index.ts';
import type { Catalogue } from '../../../src/taint/index.ts';

export interface Expected {
  readonly name: string;
  readonly category: string;
  readonly real: boolean;
  readonly cwe: number;
}

export interface Outcome extends Expected {
  readonly found: boolean;
}

/** The rows of `expectedresults-*.csv`. */
export function readExpected(file: string): readonly Expected[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name = '', category = '', real, cwe] = line.trim().split(',');
    return line.startsWith('#') || name === '' ? [] : { name, category, real: real === 'true', cwe: Number(cwe) };
  });
}

/** `FILE CWE` of each finding. Where the catalogue has a sink for a CWE, only flows count. */
export function weaknessesOf(
  findings: readonly FindingDraft[],
  { sinks, patterns }: Pick<Catalogue, 'sinks' | 'patterns'>,
): ReadonlySet<string> {
  const flows = new Set(sinks.map((row) => row.cwe));
  return new Set(
    findings.flatMap(({ rule, message, flow, place }) => {
      const rows = flow
        ? sinks.filter((row) => row.rule === rule)
        : patterns.filter((row) => row.rule === rule && row.message === message && !flows.has(row.cwe));
      return rows.map((row) => `${place.file} ${row.cwe}`);
    }),
  );
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

/** Both halves and the whole; with `misses`, each wrong answer of the tuning half. */
export function printOutcomes(outcomes: readonly Outcome[], misses: boolean): void {
  const tuning = outcomes.filter(({ name }) => isTuning(name));
  print('tuning half', tuning);
  print(
    'held-out half',
    outcomes.filter(({ name }) => !isTuning(name)),
  );
  print('all', outcomes);
  if (!misses) return;
  for (const { name, category, real, found } of tuning)
    if (real !== found) console.log(`${real ? 'missed' : 'false alarm'} ${category} ${name}`);
}
