/**
 * Fits the weights of the model of risk (`src/controls/risk.ts`) and measures it in projects that were left out.
 *
 *   node bench/weakening.ts --values --set SET --most 14,25 PROJECT=GIT_DIRECTORY… > VALUES
 *   node bench/risk.ts VALUES
 *
 * Logistic regression with a ridge on weights in standard deviations, by Newton's method. Reversed fixes are what it
 * looks for; ordinary commits and, at half weight, the fixes as they were made are what it is to tell them from. For the
 * measure the projects are divided in ten parts, and each is scored by weights fitted on the other nine.
 */
import { readFileSync } from 'node:fs';

type Run = 'reversed' | 'forward' | 'control';

interface Sample {
  readonly project: string;
  readonly run: Run;
  readonly values: readonly number[];
}

const RIDGE = 3;
const STEPS = 12;
const PARTS = 10;
const WEIGHT: Readonly<Record<Run, number>> = { reversed: 1, forward: 0.5, control: 1 };

/** Solve a system of linear equations by elimination; the last column is the right side. */
function solve(rows: readonly (readonly number[])[]): readonly number[] {
  const matrix = rows.map((row) => [...row]);
  for (const [at, pivot] of matrix.entries()) {
    const scale = pivot[at] ?? 1;
    for (const row of matrix) {
      if (row === pivot) continue;
      const factor = (row[at] ?? 0) / scale;
      for (let column = at; column < row.length; column++)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  }
  return matrix.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}

const oddsOf = (weights: readonly number[], values: readonly number[]): number =>
  values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), weights.at(-1) ?? 0);

/** The weights of the values, and behind them the start. */
function fit(samples: readonly Sample[], ridge: readonly number[]): readonly number[] {
  const size = ridge.length + 1;
  let weights: readonly number[] = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const system = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
    for (const { run, values } of samples) {
      const chance = 1 / (1 + Math.exp(-oddsOf(weights, values)));
      const weight = WEIGHT[run];
      const inputs = [...values, 1];
      for (const [at, row] of system.entries()) {
        const own = inputs[at] ?? 0;
        for (const [other, input] of inputs.entries())
          row[other] = (row[other] ?? 0) + weight * chance * (1 - chance) * own * input;
        row[size] = (row[size] ?? 0) + weight * ((run === 'reversed' ? 1 : 0) - chance) * own;
      }
    }
    for (const [at, strength] of ridge.entries()) {
      const row = system[at] ?? [];
      row[at] = (row[at] ?? 0) + strength;
      row[size] = (row[size] ?? 0) - strength * (weights[at] ?? 0);
    }
    const change = solve(system);
    weights = weights.map((weight, at) => weight + (change[at] ?? 0));
  }
  return weights;
}

/** The ridge counts in standard deviations, so that the unit of a value does not matter. */
function ridgeOf(samples: readonly Sample[]): readonly number[] {
  return (samples[0]?.values ?? []).map((_, at) => {
    const column = samples.map(({ values }) => values[at] ?? 0);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return (RIDGE * column.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / column.length;
  });
}

/** The chance that one of the first is above one of the second; ties count one half. */
function auc(positives: readonly number[], negatives: readonly number[]): number {
  let wins = 0;
  for (const one of positives) for (const other of negatives) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (positives.length * negatives.length);
}

const samples: readonly Sample[] = readFileSync(process.argv[2] ?? '/dev/stdin', 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
const ridge = ridgeOf(samples);
const projects = [...new Set(samples.map(({ project }) => project))];
const partOf = ({ project }: Sample): number => projects.indexOf(project) % PARTS;
const scored = Array.from({ length: PARTS }, (_, part) => {
  const weights = fit(
    samples.filter((sample) => partOf(sample) !== part),
    ridge,
  );
  return samples
    .filter((sample) => partOf(sample) === part)
    .map(({ run, values }) => ({ run, odds: oddsOf(weights, values) }));
}).flat();
const oddsIn = (run: Run): readonly number[] => scored.filter((one) => one.run === run).map(({ odds }) => odds);
const [reversed, forward, control] = [oddsIn('reversed'), oddsIn('forward'), oddsIn('control')];
const weights = fit(samples, ridge).map((weight) => weight.toFixed(2));
console.log(`weights ${weights.slice(0, -1).join(', ')}; start ${weights.at(-1)}`);
console.log(
  `${projects.length} projects, ${samples.length} runs; left out: AUC ${auc(reversed, control).toFixed(3)}, direction ${auc(reversed, forward).toFixed(3)}`,
);
for (const rate of [0.08, 0.1, 0.12]) {
  const bar = control.toSorted((one, other) => other - one)[Math.floor(control.length * rate)] ?? 0;
  const recall = reversed.filter((odds) => odds > bar).length / reversed.length;
  console.log(
    `recall ${Math.round(100 * recall)} % at ${Math.round(100 * rate)} % of the controls, log-odds ${bar.toFixed(2)}`,
  );
}
