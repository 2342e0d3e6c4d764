import { isIP, isIPv4 } from 'node:net';

/** A destination in its one spelling: lower-case DNS name or canonical IP literal without brackets. */
export interface Authority {
  readonly host: string;
  readonly port: number;
  readonly isAddress: boolean;
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const AUTHORITY = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::([1-9][0-9]{0,4}))?$/i;
/** What some resolver reads as an IPv4 address: a last label of digits, or hexadecimal (`127.1`, `0x7f000001`). */
const NUMBER_LIKE = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;

/**
 * Read `host:port` by a closed grammar, before anything is compared or resolved: letters, digits, hyphens, underscores
 * and dots, or a canonical literal. NUL and other controls, userinfo, `%`, `\`, a trailing dot, an address in decimal,
 * octal or hexadecimal, a leading zero in the port: undefined.
 * (sandbox reference §4.7 rule 1; the NUL host of Claude Code 2.0.24–2.1.89.)
 */
export function parseAuthority(text: string, defaultPort?: number): Authority | undefined {
  const match = AUTHORITY.exec(text);
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (!match || port === undefined || port > 65535) return undefined;
  if (match[1] !== undefined) return isCanonicalIPv6(match[1]) ? { host: match[1], port, isAddress: true } : undefined;
  const host = (match[2] ?? '').toLowerCase();
  if (isIPv4(host)) return { host, port, isAddress: true };
  return NAME.test(host) && !NUMBER_LIKE.test(host) ? { host, port, isAddress: false } : undefined;
}

/** `host:port` as a person names it, and as it stands in a CONNECT line. */
export function formatAuthority({ host, port }: Pick<Authority, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** RFC 5952: lower case, longest run of zeros shortened. The URL parser writes it so. */
function isCanonicalIPv6(literal: string): boolean {
  return isIP(literal) === 6 && new URL(`http://[${literal}]`).host === `[${literal}]`;
}
