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

/** How many entries a list has over all its pages, where the forge tells: Gitea in `X-Total-Count`. */
export function countedEntries({ headers }: HttpReply): number | undefined {
  const text = headers.get('x-total-count')?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The address of the next page in a `Link` header (RFC 8288): `<…>; rel="next"`. */
export function nextPage({ headers }: HttpReply): string | undefined {
  // An address may hold a comma, so the brackets tell where a link begins.
  const links = (headers.get('link') ?? '').slice(0, 8192).matchAll(/<([^<>]*)>([^<]*)/g);
  return links.find(([, , parameters = '']) => /;\s*rel="?next"?\s*(?:[;,]|$)/i.test(parameters))?.[1];
}
