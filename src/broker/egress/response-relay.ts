import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type HeaderPair, HOP_BY_HOP, headerPairs } from '../http-headers.ts';
import type { Gate } from './gate.ts';
import { Refusal } from './refusal.ts';

/** Headers of a response that belong to one connection, or that lead the client around the gate. */
const DROPPED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'alt-svc', 'content-length']);

/** What came back, for the record. */
export interface Relayed {
  readonly status: number;
  readonly bytesIn: number;
  readonly redactions: number;
  readonly ended: string;
}

/** A compressed response cannot be searched for secrets. We asked for none. */
export function judgeResponse(upstream: IncomingMessage): Refusal | undefined {
  const coding = upstream.headers['content-encoding'] ?? 'identity';
  const transfer = upstream.headers['transfer-encoding'] ?? 'chunked';
  if (coding.toLowerCase() === 'identity' && transfer.toLowerCase() === 'chunked') return undefined;
  return new Refusal('compressed-response', 'the server answered compressed although it was asked not to');
}

/**
 * Pass a response on, head and body, known secrets redacted, as it streams. Redirects are passed on, never followed;
 * trailers are dropped.
 */
export async function relayResponse(gate: Gate, upstream: IncomingMessage, response: ServerResponse): Promise<Relayed> {
  const { sentinel } = gate.context;
  const status = upstream.statusCode ?? 502;
  const counts = { bytesIn: 0, redactions: 0 };
  response.writeHead(status, headersOf(gate, upstream, response, counts).flat());
  response.flushHeaders();
  const redactor = sentinel.stream();

  async function* redact(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      counts.bytesIn += chunk.length;
      const over = gate.budget.takeIn(chunk.length);
      if (over) throw new Error(over.code);
      const { bytes, hits } = redactor.push(chunk);
      counts.redactions += hits.length;
      if (bytes.length > 0) yield bytes;
    }
    const { bytes, hits } = redactor.end();
    counts.redactions += hits.length;
    if (bytes.length > 0) yield bytes;
  }

  upstream.setTimeout(gate.limits.idleMs, () => upstream.destroy(new Error('idle')));
  try {
    await pipeline(upstream, redact, response);
    return { status, ...counts, ended: 'complete' };
  } catch (error) {
    return { status, ...counts, ended: error instanceof Error ? error.message : 'failed' };
  }
}

function headersOf(
  gate: Gate,
  upstream: IncomingMessage,
  response: ServerResponse,
  counts: { redactions: number },
): readonly HeaderPair[] {
  const kept = headerPairs(upstream.rawHeaders).filter(([name]) => {
    const lower = name.toLowerCase();
    // Without a body its length tells something; with one, redaction may change it.
    return !DROPPED.has(lower) || (lower === 'content-length' && response.req.method === 'HEAD');
  });
  return kept.map(([name, value]) => {
    const { bytes, hits } = gate.context.sentinel.redact(Buffer.from(value, 'latin1'));
    counts.redactions += hits.length;
    return [name, bytes.toString('latin1')];
  });
}
