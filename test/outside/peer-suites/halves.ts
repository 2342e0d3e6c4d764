import { createHash } from 'node:crypto';

export type Half = 'tuning' | 'held-out';

/** The half of a fixture, by the hash of its name alone, so that it never changes. */
export function halfOf(fixture: string): Half {
  return (createHash('sha256').update(fixture).digest()[0] ?? 0) % 2 === 0 ? 'tuning' : 'held-out';
}
