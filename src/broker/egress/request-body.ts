import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { HeldBytes } from '../held-bytes.ts';
import type { EgressBudget, EgressLimits } from './budget.ts';
import { within } from './deadline.ts';
import { Refusal } from './refusal.ts';

/** A request body, whole, and what it says once its content coding is undone. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly plain: Buffer;
}

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Each by a function: naming one here would load the decompressors in every run. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  identity: async (bytes) => bytes,
  gzip: (bytes, options) => promisify(gunzip)(bytes, options),
  'x-gzip': (bytes, options) => promisify(gunzip)(bytes, options),
  deflate: (bytes, options) => promisify(inflate)(bytes, options),
  br: (bytes, options) => promisify(brotliDecompress)(bytes, options),
  zstd: (bytes, options) => promisify(zstdDecompress)(bytes, options),
};

/**
 * Read the whole body before a byte of it leaves: a secret at its end stops its beginning. Bounded in size, over all
 * requests at one time, and in time, however slowly it drips. The caller gives the held bytes back.
 */
export async function readBody(
  request: IncomingMessage,
  { held }: EgressBudget,
  limits: EgressLimits,
): Promise<RequestBody | Refusal> {
  const late = () => new Refusal('request-timeout', `the request took longer than ${limits.requestMs} ms`);
  const collecting = collect(request, held, limits.requestBytes);
  const bytes = await within(limits.requestMs, collecting, late);
  if (bytes instanceof Refusal) {
    // A body that is whole after all, but too late, has no caller to give it back.
    void collecting.then((whole) => whole instanceof Refusal || held.giveBack(whole.length));
    return bytes;
  }
  const coding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (!decode) {
    held.giveBack(bytes.length);
    return new Refusal('request-encoding', 'a body in this content coding cannot be looked into');
  }
  try {
    return { bytes, plain: await decode(bytes, { maxOutputLength: limits.requestBytes }) };
  } catch (error) {
    held.giveBack(bytes.length);
    const why = error instanceof RangeError ? 'it is too large' : 'it is broken';
    return new Refusal('request-encoding', `the body cannot be decoded: ${why}`);
  }
}

/** Never rejects. What it returns stays held; of what it refuses nothing does. */
async function collect(request: IncomingMessage, held: HeldBytes, most: number): Promise<Buffer | Refusal> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (refusal: Refusal) => {
    held.giveBack(size);
    return refusal;
  };
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (size + chunk.length > most || !held.take(chunk.length))
        return stop(new Refusal('request-too-large', `a request may have ${most} bytes`));
      size += chunk.length;
      chunks.push(chunk);
    }
  } catch (error) {
    return stop(
      new Refusal('malformed-request', `the request was cut off (${error instanceof Error ? error.name : ''})`),
    );
  }
  return Buffer.concat(chunks);
}
