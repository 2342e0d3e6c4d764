import type { EngineLimits } from './engine-types.ts';

/** Limits for honest code: a function of a thousand lines needs some ten thousand steps. */
export const ENGINE_LIMITS: EngineLimits = {
  stepsPerFunction: 60_000,
  stepsPerFile: 1_500_000,
  callDepth: 6,
  millisecondsPerFile: 4_000,
};
