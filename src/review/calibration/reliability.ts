import { fitRows, probabilityFrom } from './fit.ts';
import type { LabelledRecord } from './record.ts';

/** Predictions of one tenth, and how often they came true. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean of what was predicted. */
  readonly predicted: number;
  /** Share of what was right. */
  readonly observed: number;
}

export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** Mean squared error; 0 is perfect, 0.25 what a coin would have. */
  readonly brier: number;
  /** Expected calibration error: distance of prediction and share, by weight of the bins. */
  readonly ece: number;
  /** Chance that a right finding stands above a wrong one; undefined when there is only one kind. */
  readonly auc: number | undefined;
}

const BINS = 10;

/** One prediction and what came of it. */
export interface Prediction {
  readonly probability: number;
  readonly right: boolean;
}

/**
 * Each repository's records judged by a table that was fitted on all others: what a repository that the table has not
 * seen can expect. With a single repository there is no such figure.
 */
export function crossPredict(records: readonly LabelledRecord[]): readonly Prediction[] {
  const borne = records.filter(({ witness }) => witness);
  const repositories = [...new Set(borne.map(({ repository }) => repository))];
  if (repositories.length < 2) return [];
  return repositories.flatMap((name) => {
    const probability = probabilityFrom(fitRows(borne.filter(({ repository }) => repository !== name)));
    return borne
      .filter(({ repository }) => repository === name)
      .map((record) => ({ probability: probability(record), right: record.right }));
  });
}

export function measureReliability(predictions: readonly Prediction[]): Reliability {
  const groups = Map.groupBy(predictions, ({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)));
  const bins = [...groups]
    .sort(([a], [b]) => a - b)
    .map(([index, group]): ReliabilityBin => {
      const predicted = mean(group.map(({ probability }) => probability));
      const observed = mean(group.map(({ right }) => (right ? 1 : 0)));
      return { from: index / BINS, to: (index + 1) / BINS, count: group.length, predicted, observed };
    });
  const total = Math.max(1, predictions.length);
  return {
    bins,
    brier: mean(predictions.map(({ probability, right }) => (probability - (right ? 1 : 0)) ** 2)),
    ece: bins.reduce(
      (sum, { count, predicted, observed }) => sum + (count / total) * Math.abs(predicted - observed),
      0,
    ),
    auc: rankAuc(predictions),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By ranks, equal ones shared: linear after sorting. */
function rankAuc(predictions: readonly Prediction[]): number | undefined {
  const sorted = predictions.toSorted((a, b) => a.probability - b.probability);
  const rights = sorted.filter(({ right }) => right).length;
  const wrongs = sorted.length - rights;
  if (rights === 0 || wrongs === 0) return undefined;
  let sum = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]?.probability === sorted[from]?.probability) to++;
    const rank = (from + 1 + to) / 2;
    sum += rank * sorted.slice(from, to).filter(({ right }) => right).length;
    from = to;
  }
  return (sum - (rights * (rights + 1)) / 2) / (rights * wrongs);
}
