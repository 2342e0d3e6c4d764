import { type Evidence, levelled, MOST_VOTES } from './evidence.ts';
import type { LabelledRecord } from './record.ts';

/** A row of a table: findings with this evidence. What is undefined stands for any. */
export interface CalibrationRow {
  readonly votes: number | undefined;
  readonly families: number | undefined;
  readonly engine: boolean | undefined;
  readonly verifier: Evidence['verifier'] | undefined;
  readonly cwe: number | undefined;
  readonly count: number;
  readonly right: number;
  readonly probability: number;
}

/** So many records of the coarser row stand behind each finer one: few records move it little. */
const WEIGHT_OF_COARSER = 6;

type Key = Pick<CalibrationRow, 'votes' | 'families' | 'engine' | 'verifier' | 'cwe'>;

const ANY: Key = { votes: undefined, families: undefined, engine: undefined, verifier: undefined, cwe: undefined };

/** From coarse to fine; each row is smoothed towards the one before it. */
const LEVELS: readonly ((evidence: Evidence) => Key)[] = [
  () => ANY,
  ({ votes }) => ({ ...ANY, votes }),
  ({ votes, families, engine, verifier }) => ({ ...ANY, votes, families, engine, verifier }),
  ({ votes, families, engine, verifier, cwe }) => ({ votes, families, engine, verifier, cwe }),
];
const BY_VOTES = 1;

/**
 * The share of right findings by their evidence, in four steps of fineness. The coarsest has Laplace's smoothing, each
 * finer one is drawn towards the coarser; more votes never mean less (pooled by isotonic regression). Records that the
 * bytes do not bear out have no part: a review drops such findings.
 */
export function fitRows(records: readonly LabelledRecord[]): readonly CalibrationRow[] {
  const borne = records.filter(({ witness }) => witness);
  const rows = new Map<string, CalibrationRow>();
  for (const [level, keyOf] of LEVELS.entries()) {
    const groups = Map.groupBy(borne, (record) => nameOf(keyOf(levelled(record))));
    const fitted = [...groups].flatMap(([name, group]): readonly (readonly [string, CalibrationRow])[] => {
      const [first] = group;
      if (!first) return [];
      const evidence = levelled(first);
      const right = group.filter((record) => record.right).length;
      const coarser = level === 0 ? undefined : rows.get(nameOf(LEVELS[level - 1]?.(evidence) ?? ANY));
      const row = { ...keyOf(evidence), count: group.length, right, probability: smooth(group.length, right, coarser) };
      return [[name, row]];
    });
    for (const [name, row] of level === BY_VOTES ? pool(fitted) : fitted) rows.set(name, row);
  }
  return [...rows.values()];
}

function smooth(count: number, right: number, coarser: CalibrationRow | undefined): number {
  if (!coarser) return (right + 1) / (count + 2);
  // The same records a second time tell nothing new.
  if (coarser.count === count) return coarser.probability;
  return (right + WEIGHT_OF_COARSER * coarser.probability) / (count + WEIGHT_OF_COARSER);
}

/** Pool adjacent violators: neighbours in the wrong order share their mean. */
function pool(rows: readonly (readonly [string, CalibrationRow])[]): readonly (readonly [string, CalibrationRow])[] {
  const blocks: { rows: (readonly [string, CalibrationRow])[]; weight: number; mean: number }[] = [];
  for (const entry of rows.toSorted(([, a], [, b]) => (a.votes ?? 0) - (b.votes ?? 0))) {
    blocks.push({ rows: [entry], weight: entry[1].count, mean: entry[1].probability });
    for (;;) {
      const last = blocks.at(-1);
      const before = blocks.at(-2);
      if (!last || !before || before.mean <= last.mean) break;
      const weight = before.weight + last.weight;
      const mean = (before.mean * before.weight + last.mean * last.weight) / weight;
      blocks.splice(-2, 2, { rows: [...before.rows, ...last.rows], weight, mean });
    }
  }
  return blocks.flatMap(({ rows: pooled, mean }) =>
    pooled.map(([name, row]) => [name, { ...row, probability: mean }] as const),
  );
}

/** The finest row that there is for the evidence; with none of these votes the nearest fewer, else one half. */
export function probabilityFrom(rows: readonly CalibrationRow[]): (evidence: Evidence) => number {
  const byName = new Map(rows.map((row) => [nameOf(row), row.probability]));
  return (asked) => {
    const evidence = levelled(asked);
    for (let level = LEVELS.length - 1; level >= BY_VOTES; level--) {
      const known = byName.get(nameOf(LEVELS[level]?.(evidence) ?? ANY));
      if (known !== undefined) return known;
    }
    for (let votes = Math.min(evidence.votes, MOST_VOTES); votes >= 1; votes--) {
      const known = byName.get(nameOf({ ...ANY, votes }));
      if (known !== undefined) return known;
    }
    return byName.get(nameOf(ANY)) ?? 0.5;
  };
}

function nameOf({ votes, families, engine, verifier, cwe }: Key): string {
  return JSON.stringify([votes ?? null, families ?? null, engine ?? null, verifier ?? null, cwe ?? null]);
}
