/** A credential that stays with the broker; the agent holds a placeholder of the same shape. */
export interface Credential {
  readonly name: string;
  readonly placeholder: string;
  readonly real: string;
  /** `host:port` values at which the placeholder is exchanged. */
  readonly hosts: readonly string[];
  /** The one header in which it is exchanged, lower-case. */
  readonly header: string;
}

/** Headers that carry authority. At a host with a bound credential nothing but that credential may stand in them. */
const AUTHORITY_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'private-token',
  'job-token',
  'deploy-token',
  'x-auth-token',
  'x-vault-token',
  'x-amz-security-token',
  'cookie',
]);
/** A reflected credential that is asked for in slices would come back in pieces too short to recognise. */
const SLICING_HEADERS: ReadonlySet<string> = new Set(['range', 'if-range']);

export type HeaderPair = readonly [name: string, value: string];

export type ExchangeOutcome =
  | { readonly kind: 'exchanged'; readonly headers: readonly HeaderPair[]; readonly used: readonly string[] }
  /** Somebody else's credential at a host that has one of ours: an allowed host used as a drop box. */
  | { readonly kind: 'foreign'; readonly header: string };

/**
 * Put the real values in: only at the bound `host:port`, only in the named header, only when the whole credential of
 * that header is the placeholder (`PLACEHOLDER`, `Bearer PLACEHOLDER`, or a part of `Basic`). Anywhere else a
 * placeholder stays what it is, and works nowhere.
 */
export function exchangeCredentials(
  headers: readonly HeaderPair[],
  destination: string,
  credentials: readonly Credential[],
): ExchangeOutcome {
  const bound = credentials.filter((credential) => credential.hosts.includes(destination));
  if (bound.length === 0) return { kind: 'exchanged', headers, used: [] };
  const guarded = new Set([...AUTHORITY_HEADERS, ...bound.map((credential) => credential.header)]);
  const used = new Set<string>();
  const result: HeaderPair[] = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (SLICING_HEADERS.has(lower)) continue;
    if (!guarded.has(lower)) {
      result.push([name, value]);
      continue;
    }
    const exchange = exchangeIn(lower, value, bound);
    if (!exchange) return { kind: 'foreign', header: lower };
    used.add(exchange.name);
    result.push([name, exchange.value]);
  }
  return { kind: 'exchanged', headers: result, used: [...used] };
}

function exchangeIn(header: string, value: string, bound: readonly Credential[]) {
  for (const { name, placeholder, real, header: named } of bound) {
    if (named !== header) continue;
    const replaced = replaceWhole(value, placeholder, real);
    if (replaced !== undefined) return { name, value: replaced };
  }
  return undefined;
}

function replaceWhole(value: string, placeholder: string, real: string): string | undefined {
  if (value === placeholder) return real;
  const [, scheme, token] = /^([A-Za-z][\w-]*) +(\S+)$/.exec(value) ?? [];
  if (scheme === undefined || token === undefined) return undefined;
  if (token === placeholder) return `${scheme} ${real}`;
  return scheme.toLowerCase() === 'basic' ? replaceBasic(scheme, token, placeholder, real) : undefined;
}

/** RFC 7617: user and password; a token may stand as either (`x-access-token:TOKEN`, `TOKEN:x-oauth-basic`). */
function replaceBasic(scheme: string, token: string, placeholder: string, real: string): string | undefined {
  const [user = '', ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  if (user !== placeholder && password !== placeholder) return undefined;
  const pair = `${user === placeholder ? real : user}:${password === placeholder ? real : password}`;
  return `${scheme} ${Buffer.from(pair).toString('base64')}`;
}
