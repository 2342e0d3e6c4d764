/** Time as a parameter: nothing below the face reads a clock of its own. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  now(): number;
  /** Monotonic clock, nanoseconds since an arbitrary start. */
  monotonic(): bigint;
}

/** Source of unpredictable bytes, as a parameter, so that a run can be repeated in a test. */
export type RandomBytes = (length: number) => Buffer;
