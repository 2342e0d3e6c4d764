import { CLAIMS, type HeaderPair, HOP_BY_HOP, headerPairs, namedByConnection } from '../http-headers.ts';

/** Belong to one connection, or are set by the broker for the request it makes itself. */
const OWN: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'expect', 'host', 'content-length', 'accept-encoding']);

/** Where a gateway before the provider should send the request, key included: `helicone-target-url`, `x-portkey-custom-host`. */
const DESTINATION = /(?:^|-)(?:api|backend|base|custom|target|upstream)-(?:base|host|url)$/;

/**
 * Credentials of whatever kind: the run's own is put in, an agent's (or an attacker's) never leaves. Each gateway has
 * names of its own for them (`x-litellm-api-key`, `helicone-auth`), so the ending tells.
 */
const CREDENTIALS =
  /^(?:cookie2?|proxy-.*|x-amz-.*|x-auth-.*)$|(?:^|-)(?:api-?key|auth|authorization|credentials?|secret|token)$/;

/** Servers that hand headers on as variables (CGI, WSGI) read `x_api_key` and `x-api-key` as the same name. */
const isAmbiguous = (name: string): boolean => name.includes('_');

/** What keys of model vendors begin with: one under a name nobody thought of would still be another account's. */
const KEY_LOOK = /\b(?:sk-(?:ant|proj|svcacct|admin|or)-|AIza|gsk_|xai-)[A-Za-z0-9_-]{6}|\bsk-[A-Za-z0-9]{20}/;

/** Whether a name, of a header or a query parameter, says that its value is a credential. */
export function namesCredential(name: string): boolean {
  return CREDENTIALS.test(name.toLowerCase().replaceAll('_', '-'));
}

/** What a client said that may reach the provider, byte for byte. */
export function forwardedHeaders(raw: readonly string[], credentials: ReadonlySet<string>): readonly HeaderPair[] {
  const headers = headerPairs(raw);
  const dropped = namedByConnection(headers);
  return headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (KEY_LOOK.test(value)) return false;
    if (OWN.has(lower) || dropped.has(lower) || isAmbiguous(lower)) return false;
    return !CLAIMS.test(lower) && !DESTINATION.test(lower) && !namesCredential(lower) && !credentials.has(lower);
  });
}

/** What the provider said that may reach the client: no redirect, no cookie, no other way to it. */
const WITHHELD: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  ...['content-length', 'content-encoding', 'location', 'set-cookie', 'alt-svc', 'www-authenticate'],
]);

export function returnedHeaders(raw: readonly string[]): readonly HeaderPair[] {
  const headers = headerPairs(raw);
  const dropped = namedByConnection(headers);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !WITHHELD.has(lower) && !dropped.has(lower) && !lower.startsWith('proxy-');
  });
}
