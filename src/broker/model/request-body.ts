import type { IncomingMessage } from 'node:http';
import type { HeldBytes } from '../held-bytes.ts';
import { type ModelRefusal, refuse } from './refusal.ts';

const MAX_REQUEST_BYTES = 32 << 20;

/** Of the bodies of all requests that are under way: eight of the largest, hundreds of the usual ones. */
export const MAX_HELD_BYTES = 8 * MAX_REQUEST_BYTES;

const TOO_LARGE = refuse(413, 'request-size', `the request is larger than ${MAX_REQUEST_BYTES >> 20} MiB`);
const TOO_MUCH = refuse(503, 'request-memory', 'the requests under way are too large together; try again later');

/**
 * The whole body of a request. What it resolves with stays held, and the caller gives it back; of a refused body
 * nothing does. The connection stays open for the refusal. Rejects when the client left before its request was whole.
 */
export async function readBody(request: IncomingMessage, held: HeldBytes): Promise<Buffer | ModelRefusal> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_REQUEST_BYTES) return TOO_LARGE;
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (refusal: ModelRefusal): ModelRefusal => {
    held.giveBack(size);
    return refusal;
  };
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (size + chunk.length > MAX_REQUEST_BYTES) return stop(TOO_LARGE);
      if (!held.take(chunk.length)) return stop(TOO_MUCH);
      size += chunk.length;
      chunks.push(chunk);
    }
  } catch (cause) {
    held.giveBack(size);
    throw new Error('the client left before its request was whole', { cause });
  }
  return Buffer.concat(chunks);
}
