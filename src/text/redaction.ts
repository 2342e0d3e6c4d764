import type { SecretHit } from './secret.ts';

/**
 * The bytes without the hits, each replaced by `[redacted:NAME]`. `base` is the offset of `bytes[0]`; a hit that began
 * before it already has its marker. Overlapping hits share one.
 */
export function cutOut(bytes: Buffer, base: number, hits: readonly SecretHit[]): Buffer {
  if (hits.length === 0) return bytes;
  const pieces: Buffer[] = [];
  const limit = base + bytes.length;
  let cursor = base;
  for (const hit of hits.toSorted(byPosition)) {
    if (hit.end <= cursor || hit.start >= limit) continue;
    if (hit.start >= cursor) {
      pieces.push(bytes.subarray(cursor - base, hit.start - base), Buffer.from(`[redacted:${hit.name}]`));
    }
    cursor = Math.min(hit.end, limit);
  }
  pieces.push(bytes.subarray(cursor - base));
  return Buffer.concat(pieces);
}

export function byPosition(one: SecretHit, other: SecretHit): number {
  return one.start - other.start || other.end - one.end;
}
