import type { Finding } from '../findings/index.ts';

/** How often findings of the deterministic stages are right, by the confidence of their rule. */
const DETERMINISTIC: Readonly<Record<Finding['confidence'], number>> = { high: 0.95, medium: 0.8, low: 0.4 };

export function deterministicProbability({ confidence }: Pick<Finding, 'confidence'>): number {
  return DETERMINISTIC[confidence];
}
