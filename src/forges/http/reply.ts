import { SallyportError } from '../../errors/index.ts';

/** What a forge answered, read to its end. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** No honest page of a forge's API is longer. */
export const MAX_REPLY = 16 * 1024 * 1024;

/**
 * Reads a response to its end.
 * @throws SallyportError SP2406 when it is longer than {@link MAX_REPLY}; the error of the line when it breaks off
 */
export async function readReply(response: Response, host: string): Promise<HttpReply> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the stream: nothing more is taken in.
    if (length > MAX_REPLY) throw new SallyportError('SP2406', `${host} answered more than ${MAX_REPLY} bytes`);
    chunks.push(chunk);
  }
  return { status: response.status, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') };
}

/** The address of the next page in a `Link` header (RFC 8288): `<…>; rel="next"`. */
export function nextPage({ headers }: HttpReply): string | undefined {
  const links = (headers.get('link') ?? '').slice(0, 8192).split(',');
  const next = links.find((link) => /;\s*rel="?next"?\s*(?:;|$)/i.test(link));
  return next === undefined ? undefined : /^\s*<([^>]*)>/.exec(next)?.[1];
}
