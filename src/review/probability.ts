import type { Finding } from '../findings/index.ts';

/** How often findings of the deterministic stages are right, by the confidence of their rule. */
const DETERMINISTIC: Readonly<Record<Finding['confidence'], number>> = { high: 0.95, medium: 0.8, low: 0.4 };

export function deterministicProbability({ confidence }: Pick<Finding, 'confidence'>): number {
  return DETERMINISTIC[confidence];
}

/**
 * How far another scanner's finding is trusted, by the confidence that it gives its rule. Not measured by us: published
 * precision of such scanners on web applications is far below that of our engine, so only a rule of high confidence
 * blocks and one of low confidence asks nobody.
 */
const SCANNED: Readonly<Record<Finding['confidence'], number>> = { high: 0.9, medium: 0.6, low: 0.3 };

export function scannedProbability({ confidence }: Pick<Finding, 'confidence'>): number {
  return SCANNED[confidence];
}
