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

/** Time that this thread has spent on a processor, in nanoseconds: it stands still while others have it. */
export function threadTime(): bigint {
  const { user, system } = process.threadCpuUsage();
  return BigInt(user + system) * 1000n;
}

/** The kernel's random source; only the face hands this in. */
export const systemRandom: RandomBytes = (length) => randomBytes(length);
