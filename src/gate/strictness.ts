import type { GateVerdict } from './model.ts';

/** From lenient to strict. What is known to be wrong is not hidden behind what is not known. */
const ORDER: readonly GateVerdict[] = ['pass', 'needs-approval', 'incomplete', 'blocked'];

export function strictnessOf(verdict: GateVerdict): number {
  return ORDER.indexOf(verdict);
}

/** The strictest of verdicts; `pass` of none. */
export function strictest(verdicts: readonly GateVerdict[]): GateVerdict {
  return verdicts.reduce<GateVerdict>((one, other) => (strictnessOf(other) > strictnessOf(one) ? other : one), 'pass');
}
