import type { IncomingMessage } from 'node:http';
import { CLAIMS, type HeaderPair, HOP_BY_HOP, headerPairs, namedByConnection } from '../http-headers.ts';
import { type Authority, formatAuthority, parseAuthority } from './authority.ts';
import { Refusal } from './refusal.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Never passed on: they belong to one connection, or the gate sets them itself. */
const DROPPED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  ...['proxy-authorization', 'http2-settings', 'expect', 'host', 'content-length', 'accept-encoding', 'alt-svc'],
]);
/** Credentials of one hop are dropped; methods that open tunnels or mirror headers are refused. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * What the parser let through and we do not: heads that two servers could read in two ways (request smuggling), other
 * protocols, another host than the connection is for.
 */
export function judgeHead(request: IncomingMessage, target: Authority, defaultPort: number): Refusal | undefined {
  const headers = headerPairs(request.rawHeaders);
  const valuesOf = (wanted: string) =>
    headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
  const lengths = valuesOf('content-length');
  const codings = valuesOf('transfer-encoding');
  if (headers.some(([name, value]) => !TOKEN.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))) {
    return new Refusal('malformed-request', 'a header is not well-formed');
  }
  if (lengths.length + codings.length > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked')) {
    return new Refusal('malformed-request', 'the length of the body can be read in two ways');
  }
  const method = request.method ?? '';
  if (!TOKEN.test(method) || FORBIDDEN_METHODS.has(method.toUpperCase())) {
    return new Refusal('malformed-request', 'this method is not passed on');
  }
  if (valuesOf('upgrade').some((protocol) => !/^h2c$/i.test(protocol))) {
    return new Refusal('upgrade-refused', 'a connection cannot change to another protocol here');
  }
  const [host, ...more] = valuesOf('host');
  const named = host === undefined ? undefined : parseAuthority(host, defaultPort);
  if (more.length > 0 || !named || named.host !== target.host || named.port !== target.port) {
    return new Refusal('host-mismatch', `the Host header does not name ${formatAuthority(target)}`);
  }
  return undefined;
}

/** The headers that go on, without what belongs to this connection. */
export function forwardedHeaders(rawHeaders: readonly string[]): readonly HeaderPair[] {
  const headers = headerPairs(rawHeaders);
  const listed = namedByConnection(headers);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !DROPPED.has(lower) && !CLAIMS.test(lower) && !listed.has(lower);
  });
}

/** Origin-form, printable ASCII, no fragment. */
export function isOriginForm(url: string): boolean {
  return /^\/[\x21\x22\x24-\x7e]*$/.test(url);
}
