import type { Clock } from '../system/index.ts';

const QUIET_MILLISECONDS = 10_000;

/** Turns a flood of equal events into few: the first is reported at once, the others as a number. */
export class Bursts<Reason extends string> {
  readonly #clock: Clock;
  readonly #report: (reason: Reason, count: number) => void;
  readonly #open = new Map<Reason, { since: number; unreported: number }>();

  constructor(clock: Clock, report: (reason: Reason, count: number) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  add(reason: Reason): void {
    const now = this.#clock.now();
    const burst = this.#open.get(reason);
    if (burst && now - burst.since < QUIET_MILLISECONDS) {
      burst.unreported += 1;
      return;
    }
    this.#report(reason, 1 + (burst?.unreported ?? 0));
    this.#open.set(reason, { since: now, unreported: 0 });
  }

  /** Reports what was counted and not yet reported. */
  flush(): void {
    for (const [reason, burst] of this.#open) {
      if (burst.unreported > 0) this.#report(reason, burst.unreported);
      burst.unreported = 0;
    }
  }
}
