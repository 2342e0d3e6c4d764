/** A header as it came: some servers bill and route by order and spelling. */
export type HeaderPair = readonly [name: string, value: string];

/** Headers as pairs, in the order and spelling they came in. */
export function headerPairs(raw: readonly string[]): readonly HeaderPair[] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);
}

/** Belong to one connection and never pass (RFC 9110 §7.6.1, and custom). */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What `Connection` declares to belong to one connection, too. Lower-case. */
export function namedByConnection(headers: readonly HeaderPair[]): ReadonlySet<string> {
  const values = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(','));
  return new Set(values.map((name) => name.trim().toLowerCase()));
}

/** Claims about who asks, or what is really meant: some servers believe them. To be matched in lower case. */
export const CLAIMS =
  /^(?:forwarded|via|x-real-ip|x-forwarded-.*|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override)$/;
