import { findKeyShape } from '../../text/index.ts';
import type { HeaderPair } from '../http-headers.ts';

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
/**
 * Query parameters that carry authority at servers which take them there, too (`?private_token=`, a request signed in
 * its address). Names that only end so (`page_token`) are honest.
 */
const AUTHORITY_PARAMETER =
  /^(?:(?:access|api|auth|bearer|deploy|id|job|oauth|personal|private|refresh|secret)[_-]?token|token|api[_-]?key|authorization|client[_-]secret|x-(?:amz|goog)-(?:credential|security-token|signature))$/i;
/** What stands for a password where the token is the user (GitHub's documentation of basic authentication). */
const NO_PASSWORD: ReadonlySet<string> = new Set(['', 'x-oauth-basic', 'x']);
/** A reflected credential that is asked for in slices would come back in pieces too short to recognise. */
const SLICING_HEADERS: ReadonlySet<string> = new Set(['range', 'if-range']);

export type ExchangeOutcome =
  | { readonly kind: 'exchanged'; readonly headers: readonly HeaderPair[]; readonly used: readonly string[] }
  /** Somebody else's credential at a host that has one of ours: an allowed host used as a drop box. */
  | { readonly kind: 'foreign'; readonly where: string };

/**
 * Put the real values in: only at the bound `host:port`, only in the named header, only when the whole credential of
 * that header is the placeholder (`PLACEHOLDER`, `Bearer PLACEHOLDER`, or a part of `Basic`). Anywhere else a
 * placeholder stays what it is, and works nowhere.
 * @param path with its query, in which nobody else's credential may stand either
 */
export function exchangeCredentials(
  { headers, path }: { readonly headers: readonly HeaderPair[]; readonly path: string },
  destination: string,
  credentials: readonly Credential[],
): ExchangeOutcome {
  const bound = credentials.filter((credential) => credential.hosts.includes(destination));
  if (bound.length === 0) return { kind: 'exchanged', headers, used: [] };
  const parameter = foreignParameter(path, bound);
  if (parameter !== undefined) return { kind: 'foreign', where: `the parameter ${parameter}` };
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
    if (!exchange) return { kind: 'foreign', where: lower };
    used.add(exchange.name);
    result.push([name, exchange.value]);
  }
  return { kind: 'exchanged', headers: result, used: [...used] };
}

function foreignParameter(path: string, bound: readonly Credential[]): string | undefined {
  const query = path.indexOf('?');
  if (query === -1) return undefined;
  const isOurs = (value: string): boolean => value === '' || bound.some(({ placeholder }) => placeholder === value);
  const foreign = [...new URLSearchParams(path.slice(query))].find(
    ([name, value]) => AUTHORITY_PARAMETER.test(name) && !isOurs(value),
  );
  return foreign?.[0].toLowerCase();
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

/**
 * RFC 7617: user and password; a token may stand as either (`x-access-token:TOKEN`, `TOKEN:x-oauth-basic`). The other
 * part is no second credential: servers differ in which of the two they take.
 */
function replaceBasic(scheme: string, token: string, placeholder: string, real: string): string | undefined {
  const [user = '', ...rest] = Buffer.from(token, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  if (user !== placeholder && password !== placeholder) return undefined;
  if (password !== placeholder && !NO_PASSWORD.has(password)) return undefined;
  if (user !== placeholder && findKeyShape(Buffer.from(user)) !== undefined) return undefined;
  const pair = `${user === placeholder ? real : user}:${password === placeholder ? real : password}`;
  return `${scheme} ${Buffer.from(pair).toString('base64')}`;
}
