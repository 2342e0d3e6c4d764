import type { StatementFault } from '../model.ts';

/** The fixed order of the checks (docs/formats/attestations.md): the first that fails is the one that is told. */
const STEPS = {
  limits: 1,
  schema: 2,
  'one-signature': 3,
  'payload-type': 4,
  signature: 5,
  role: 6,
  'predicate-type': 7,
  subject: 8,
  context: 9,
  base: 10,
  policy: 11,
  log: 12,
  freshness: 13,
  verdict: 14,
} as const satisfies Record<string, number>;

export type StepName = keyof typeof STEPS;

/** A fault at a step. `detail` tells several faults of one step apart: `signature/expired-key`. */
export function faultAt(step: StepName, message: string, detail?: string): StatementFault {
  return { step: STEPS[step], code: detail === undefined ? step : `${step}/${detail}`, message };
}

export function isFault<Value extends object>(value: Value | StatementFault): value is StatementFault {
  return 'step' in value && 'code' in value && 'message' in value;
}
