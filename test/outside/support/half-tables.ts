import type { Half } from '../peer-suites/halves.ts';

/** Counts of groups of rows: apart for the half that may be looked at and the one that may not. */
export class HalfTables<Counts> {
  readonly #fresh: () => Counts;
  readonly #groups = new Map<string, Record<Half, Counts>>();

  constructor(fresh: () => Counts) {
    this.#fresh = fresh;
  }

  /** To count in. */
  of(group: string, half: Half): Counts {
    const known = this.#groups.get(group) ?? { tuning: this.#fresh(), 'held-out': this.#fresh() };
    this.#groups.set(group, known);
    return known[half];
  }

  /** By the names of the groups. */
  rows(): readonly (readonly [string, Record<Half, Counts>])[] {
    return [...this.#groups].sort();
  }
}

/** Lines that a suite calls wrong or right, and those of them with an alarm. */
export interface LineCounts {
  found: number;
  wrong: number;
  alarms: number;
  right: number;
}

export function noLines(): LineCounts {
  return { found: 0, wrong: 0, alarms: 0, right: 0 };
}

export function countLine(counts: LineCounts, wrong: boolean, hit: boolean): void {
  if (wrong) counts.wrong++;
  else counts.right++;
  if (hit && wrong) counts.found++;
  if (hit && !wrong) counts.alarms++;
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '  -  ' : (part / whole).toFixed(3);
}
