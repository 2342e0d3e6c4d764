import type { IncomingHttpHeaders } from 'node:http';

/** Headers as pairs in the order and spelling they came in: some providers bill and route by them. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** RFC 9110 §7.6.1, and what belongs to one connection by custom. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** Set by the broker for the request it makes itself. */
const OWN: ReadonlySet<string> = new Set(['host', 'content-length', 'accept-encoding']);

/** Claims about who asks; the provider must see only ours. */
const ROUTING = /^(?:forwarded|via|x-real-ip|x-forwarded-.*|x-original-.*|x-http-method.*)$/;

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
export function forwardedHeaders(
  rawHeaders: readonly string[],
  connection: string | undefined,
  credentials: ReadonlySet<string>,
): HeaderList {
  const dropped = listedIn(connection);
  return pairs(rawHeaders).filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (KEY_LOOK.test(value)) return false;
    if (HOP_BY_HOP.has(lower) || OWN.has(lower) || dropped.has(lower) || isAmbiguous(lower)) return false;
    return !ROUTING.test(lower) && !DESTINATION.test(lower) && !namesCredential(lower) && !credentials.has(lower);
  });
}

/** What the provider said that may reach the client: no redirect, no cookie, no other way to it. */
const WITHHELD: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'location',
  'set-cookie',
  'alt-svc',
  'www-authenticate',
]);

export function returnedHeaders(rawHeaders: readonly string[], headers: IncomingHttpHeaders): HeaderList {
  const dropped = listedIn(headers.connection);
  return pairs(rawHeaders).filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.has(lower) && !WITHHELD.has(lower) && !dropped.has(lower) && !lower.startsWith('proxy-');
  });
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  const list: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return list;
}

/** Names that the `Connection` header declares hop-by-hop. */
function listedIn(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
