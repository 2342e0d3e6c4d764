import { createHash } from 'node:crypto';

/**
 * SHA-256 (hex) of a value's canonical JSON: keys sorted by code unit (RFC 8785 §3.2.3), no blanks, `undefined` left
 * out, and the positions of rules in their files (`at`) left out, so that a comment does not change the digest.
 */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/**
 * The digest of what `value` returns, made when it is first asked for: a process that only starts to use a policy is
 * ready sooner.
 */
export function lazyDigestOf(value: () => unknown): () => string {
  let digest: string | undefined;
  return () => (digest ??= digestOf(value()));
}

/** The text that is digested. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([key, item]) => item !== undefined && key !== 'at')
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
