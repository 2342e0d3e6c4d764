import type { Severity } from '../findings/index.ts';
import { describeLoss, type Loss, sumTurnovers, type Turnover } from './code/index.ts';
import type { ControlChange } from './model.ts';

/** What is known of a change as a whole. */
interface Signs {
  /** Points of all rows that weaken, change or add. */
  readonly points: number;
  readonly loss: Loss;
}

/** One property of a change and how much it adds to the risk. */
interface Feature {
  readonly weight: number;
  readonly value: (signs: Signs) => number;
}

/** Points of a row by its severity. */
const POINTS: Readonly<Record<Severity, number>> = { critical: 5, high: 5, medium: 2, low: 0.5, info: 0 };

/**
 * A logistic model: the sum of the weighted values and of `START` are the log-odds that a change takes protection away.
 * Every value but the number of files rises with what speaks for a loss. They are fitted as `bench/risk.ts` does, on
 * reversed fixes against the same fixes and ordinary commits of 16 public projects; the figures of the benchmark come
 * from none of these. `docs/benchmarks.md` says what the model reaches in projects left out.
 */
const FEATURES: readonly Feature[] = [
  { weight: 0.7, value: ({ points }) => Math.log1p(points) },
  { weight: 4.71, value: ({ loss: { shares } }) => (shares.length === 0 ? 0.5 : meanOf(shares)) },
  { weight: 1.32, value: ({ loss: { access } }) => (access === undefined ? 0 : 1) },
  // What goes from many files at once goes with a feature or a name; a protection goes from few.
  { weight: -0.47, value: ({ loss: { shares } }) => Math.log(Math.max(1, shares.length)) },
];
const START = -4.07;

/** What must stand beside a loss, for a row of this severity. `telling`: a medium row, or a word of access that is gone. */
type Beside = 'telling' | 'any row' | 'nothing';

/**
 * Log-odds from which the change as a whole is worth a row. High where a loss is more likely than not and something tells
 * what the change is about; without that from more, and never without another row: whoever deletes code in which nothing
 * was found needs nobody's approval for that.
 */
const BARS: readonly { readonly severity: Severity; readonly from: number; readonly beside: Beside }[] = [
  { severity: 'high', from: 0.3, beside: 'telling' },
  { severity: 'high', from: 0.6, beside: 'any row' },
  { severity: 'medium', from: -0.3, beside: 'nothing' },
];

/** A change as a whole. */
export interface Assessment {
  /** 0 to 100: how likely the model holds it that the change takes protection away. */
  readonly score: number;
  /** One more row where the whole says more than any of its parts, or none. */
  readonly row: ControlChange | undefined;
}

/**
 * Assess a change from what was found in it and from what its files of code lose and gain. It only ever adds: a row that
 * was found keeps its severity whatever else the change brings, so that new code does not hide a check that is gone.
 */
export function assessChange(changes: readonly ControlChange[], turnovers: readonly Turnover[]): Assessment {
  const loss = sumTurnovers(turnovers);
  const values = valuesOf(changes, loss);
  const odds = FEATURES.reduce((sum, { weight }, index) => sum + weight * (values[index] ?? 0), START);
  const isTold = (severity: Severity): boolean =>
    changes.some((change) => isCounted(change) && POINTS[change.severity] >= POINTS[severity]);
  const stands: Readonly<Record<Beside, boolean>> = {
    telling: isTold('medium') || loss.access !== undefined,
    'any row': isTold('low'),
    nothing: true,
  };
  const bar = BARS.find(({ from, beside }) => odds >= from && stands[beside]);
  const row = bar === undefined || isTold(bar.severity) ? undefined : describeLoss(loss, bar.severity);
  return { score: Math.round(1000 / (1 + Math.exp(-odds))) / 10, row };
}

/** What the model weighs, in the order of its rows; `bench/risk.ts` fits the weights on it. */
export function valuesOf(changes: readonly ControlChange[], loss: Loss): readonly number[] {
  const points = changes.filter(isCounted).reduce((sum, { severity }) => sum + POINTS[severity], 0);
  return FEATURES.map(({ value }) => value({ points, loss }));
}

function isCounted({ direction }: ControlChange): boolean {
  return direction === 'weakened' || direction === 'changed' || direction === 'added-capability';
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
