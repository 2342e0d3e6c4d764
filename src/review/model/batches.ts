import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import { headersOf, messageOf, readMessage } from './anthropic.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from './client.ts';
import { askJson, askLines, type HttpOptions } from './http.ts';
import type { Journal } from './journal.ts';

export interface BatchOptions extends HttpOptions {
  /** Remembers what was handed in, so that another run takes it up instead of paying again. */
  readonly journal: Journal;
  /** How long this run waits for one batch, milliseconds. */
  readonly patience: number;
  /** Told when a batch is handed in, taken up or ready. */
  readonly tell: (message: string) => void;
}

/** A request and whoever waits for its answer. */
interface Waiting {
  readonly request: ModelRequest;
  readonly answer: (answer: ModelAnswer) => void;
}

/** Of one batch; the service takes 100,000 requests and 256 MB. */
const MOST_REQUESTS = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** Of all results of a batch. */
const MOST_RESULT_BYTES = 256 * 1024 * 1024;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 60_000;

/**
 * The Message Batches API, https://docs.claude.com/en/api/creating-message-batches: half the price, an answer within a
 * day, mostly within an hour. What is asked at the same moment is handed in together. A batch that is not done in time
 * ends the run's questions; the next run with the same journal takes it up.
 */
export function anthropicBatchClient(options: BatchOptions): ModelClient {
  const queue: Waiting[] = [];
  return {
    model: options.model,
    atOnce: MOST_REQUESTS,
    priceShare: 0.5,
    // Its requests run at any time and in any order, so that what one has read is seldom there for the next.
    hasCache: false,
    complete: async (request) => {
      const { promise, resolve } = Promise.withResolvers<ModelAnswer>();
      queue.push({ request, answer: resolve });
      // Whoever asks now does so before the next turn of the event loop.
      if (queue.length === 1) setImmediate(() => void start(queue.splice(0), options));
      return await promise;
    },
  };
}

async function start(waiting: readonly Waiting[], options: BatchOptions): Promise<void> {
  try {
    await answerAll(waiting, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    answerWith(waiting, failure(`what was handed in cannot be kept: ${reason}`, true));
  }
}

/** What an earlier run handed in is taken up; the rest is handed in now. */
async function answerAll(waiting: readonly Waiting[], options: BatchOptions): Promise<void> {
  const known = Map.groupBy(waiting, ({ request }) => options.journal.batchOf(request.id));
  const fresh = [...(known.get(undefined) ?? [])];
  for (const [id, some] of known) {
    if (id === undefined) continue;
    options.tell(`Taking up batch ${id} of an earlier run: ${some.length} requests.`);
    fresh.push(...(await deliver(id, some, options)));
  }
  for (const part of partsOf(fresh, options.model)) await handIn(part, options);
}

/** As few batches as the limits allow. */
function partsOf(waiting: readonly Waiting[], model: string): readonly (readonly Waiting[])[] {
  const parts: Waiting[][] = [];
  let bytes = 0;
  for (const one of waiting) {
    const size = Buffer.byteLength(JSON.stringify(messageOf(one.request, model)));
    const last = parts.at(-1);
    if (last && last.length < MOST_REQUESTS && bytes + size <= MOST_BYTES) {
      last.push(one);
      bytes += size;
    } else {
      parts.push([one]);
      bytes = size;
    }
  }
  return parts;
}

const created = z.object({ id: z.string().regex(/^[\w-]{1,100}$/) });

async function handIn(waiting: readonly Waiting[], options: BatchOptions): Promise<void> {
  const body: JsonValue = {
    requests: waiting.map(({ request }) => ({ custom_id: request.id, params: messageOf(request, options.model) })),
  };
  const reply = await askJson({ path: '/v1/messages/batches', headers: headersOf(options), body }, options);
  if (reply.status === 'error') return answerWith(waiting, reply);
  const read = created.safeParse(reply.json);
  if (!read.success) return answerWith(waiting, failure('the service took the batch and did not name it', true));
  const { id } = read.data;
  options.tell(`Batch ${id}: ${waiting.length} requests handed in.`);
  const ids = waiting.map(({ request }) => request.id);
  options.journal.keepBatch(id, ids);
  const left = await deliver(id, waiting, options);
  answerWith(left, failure('the batch ended without an answer to it', false));
}

function answerWith(waiting: readonly Waiting[], answer: ModelAnswer): void {
  for (const one of waiting) one.answer(answer);
}

/** Waits for a batch and gives each its answer. Who gets none (expired, failed, not in it) is given back. */
async function deliver(id: string, waiting: readonly Waiting[], options: BatchOptions): Promise<readonly Waiting[]> {
  const path = `/v1/messages/batches/${id}`;
  const headers = headersOf(options);
  const state = await waitFor(path, options);
  if (state === 'gone') return waiting;
  if (state !== 'ended') {
    answerWith(waiting, state);
    return [];
  }
  // Not from the address that the answer names: the key would go there.
  const results = await askLines({ path: `${path}/results`, headers }, options, MOST_RESULT_BYTES);
  if (results.status === 'error') {
    answerWith(waiting, results);
    return [];
  }
  const answers = new Map(results.json.flatMap((line) => readResult(line, options.model)));
  options.tell(`Batch ${id} is ready: ${answers.size} answers.`);
  return waiting.filter(({ request, answer }) => {
    const found = answers.get(request.id);
    if (found) answer(found);
    return found === undefined;
  });
}

const status = z.object({ processing_status: z.string() });

/** Looks now and then. An error means that it may still be paid for, so nobody hands it in again now. */
async function waitFor(path: string, options: BatchOptions): Promise<'ended' | 'gone' | ModelAnswer> {
  let waited = 0;
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 2)) {
    const reply = await askJson({ path, headers: headersOf(options) }, options);
    if (reply.status === 'error' && reply.code === 404) return 'gone';
    if (reply.status === 'error' && reply.final) return reply;
    if (reply.status === 'replied' && status.safeParse(reply.json).data?.processing_status === 'ended') return 'ended';
    if (waited >= options.patience)
      return failure('the batch is not done yet: the same command with the same --units takes it up', true);
    await options.sleep(wait);
    waited += wait;
  }
}

const result = z.object({
  custom_id: z.string(),
  result: z.object({ type: z.literal('succeeded'), message: z.json() }),
});

function readResult(line: JsonValue, model: string): readonly (readonly [string, ModelAnswer])[] {
  const read = result.safeParse(line);
  return read.success ? [[read.data.custom_id, readMessage(read.data.result.message, model)]] : [];
}

function failure(reason: string, final: boolean): ModelAnswer {
  return { status: 'error', reason, final };
}
