import { isIP } from 'node:net';

/** A DNS name of letters, digits, hyphens and underscores; a trailing dot and upper case are normalised away. */
const NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * Bring a host or host pattern into its one spelling: lower case, no trailing dot, canonical IP literal (no brackets).
 * A pattern is a name, an IP literal, `*.` and a name (any depth below, not the name itself), or `*`.
 * @returns undefined when it is none of these, for example a number that some resolvers read as an address (`127.1`).
 */
export function parseHostPattern(text: string): string | undefined {
  const bare = text.toLowerCase().replace(/\.$/, '');
  if (bare === '*') return bare;
  const literal = bare.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) === 4) return literal;
  if (isIP(literal) === 6 && !literal.includes('%')) return new URL(`http://[${literal}]`).hostname.slice(1, -1);
  const name = bare.startsWith('*.') ? bare.slice(2) : bare;
  const numeric = /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name);
  return NAME.test(name) && !numeric ? bare : undefined;
}

export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** Whether the pattern selects the host. Both are canonical (`parseHostPattern`). */
export function matchHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.startsWith('*.')) return pattern === host;
  return !isAddress(host) && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

/** The pattern for the hosts that both select; undefined when there are none. */
export function intersectHosts(one: string, other: string): string | undefined {
  if (one === other || other === '*') return one;
  if (one === '*') return other;
  if (matchHost(one, other.replace(/^\*\./, 'x.'))) return other;
  if (matchHost(other, one.replace(/^\*\./, 'x.'))) return one;
  return undefined;
}
