import { randomBytes } from 'node:crypto';

/** Time as a parameter: nothing below the face reads a clock of its own. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  now(): number;
  /** Monotonic clock, nanoseconds since an arbitrary start. */
  monotonic(): bigint;
}

/** Source of unpredictable bytes, as a parameter, so that a run can be repeated in a test. */
export type RandomBytes = (length: number) => Buffer;

/** The machine's own clocks; only the face hands this in. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => process.hrtime.bigint(),
};

/** The kernel's random source; only the face hands this in. */
export const systemRandom: RandomBytes = (length) => randomBytes(length);
