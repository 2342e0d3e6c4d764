import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../../../src/system/index.ts';
import { type Answer, reply } from './model-server.ts';

interface BatchedRequest {
  readonly custom_id: string;
  readonly params: JsonValue;
}

/** One batch as the service holds it. */
export interface HeldBatch {
  readonly id: string;
  readonly requests: readonly BatchedRequest[];
}

export interface BatchScript {
  /** The line of the results for a request; undefined leaves it out. */
  readonly result: (request: BatchedRequest, batch: number) => JsonValue | undefined;
  /** Whether a batch that is looked at for the nth time, from 1, is done. */
  readonly isDone?: (look: number, batch: number) => boolean;
  /** The address that the service names for the results. */
  readonly resultsUrl?: string;
}

/** A result that is an answer. */
export function succeeded({ custom_id: id }: BatchedRequest, message: JsonValue): JsonValue {
  return { custom_id: id, result: { type: 'succeeded', message } };
}

/** The documented endpoints of message batches, for `startModel`. `batches` fills as they are handed in. */
export function batchService({ result, isDone = () => true, resultsUrl }: BatchScript): {
  readonly answer: Answer;
  readonly batches: HeldBatch[];
} {
  const batches: HeldBatch[] = [];
  const looks = new Map<string, number>();
  const answer: Answer = ({ path, body }, response) => {
    if (path === '/v1/messages/batches') {
      const batch: HeldBatch = { id: `msgbatch_${randomUUID()}`, requests: JSON.parse(body).requests };
      batches.push(batch);
      return reply(response, { id: batch.id, type: 'message_batch', processing_status: 'in_progress' });
    }
    const [, id, part] = /^\/v1\/messages\/batches\/([^/]+)(\/results)?$/.exec(path) ?? [];
    const index = batches.findIndex((one) => one.id === id);
    const batch = batches[index];
    if (id === undefined || batch === undefined) return reply(response, { type: 'error' }, 404);
    if (part !== undefined) {
      // In another order than they were handed in, as the service says that it may be.
      const lines = batch.requests.toReversed().flatMap((one) => result(one, index) ?? []);
      response.writeHead(200, { 'content-type': 'application/x-jsonl' });
      response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return;
    }
    const look = (looks.get(id) ?? 0) + 1;
    looks.set(id, look);
    const status = isDone(look, index) ? 'ended' : 'in_progress';
    reply(response, { id, processing_status: status, results_url: resultsUrl ?? null });
  };
  return { answer, batches };
}
