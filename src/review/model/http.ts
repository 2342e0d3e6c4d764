import type { JsonValue } from '../../system/index.ts';
import type { ModelAnswer } from './client.ts';

/** What an adapter needs from outside. */
export interface HttpOptions {
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
  /** Waits; a parameter, so that tests need no time. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** For one try, milliseconds. */
  readonly timeout: number;
}

const TRIES = 3;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** An honest answer is far shorter. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Asking again cannot help: the key, the model or the request is wrong. */
const FINAL = new Set([400, 401, 403, 404]);

/** An answer of the service that is none, with its code, or no answer at all. */
type HttpError = Extract<ModelAnswer, { status: 'error' }> & { readonly code?: number };
export type HttpReply<Value> = { readonly status: 'replied'; readonly json: Value } | HttpError;

export interface HttpQuestion {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Posted; without one it is a question only. */
  readonly body?: JsonValue;
}

/** Sends and reads JSON; tries again when the service is busy or the line broke, a bounded number of times. */
export async function askJson(question: HttpQuestion, options: HttpOptions): Promise<HttpReply<JsonValue>> {
  return await ask(question, options, async (response) => parse(await readText(response, MOST_BYTES)));
}

/** The same for an answer of JSON lines. */
export async function askLines(
  question: HttpQuestion,
  options: HttpOptions,
  mostBytes: number,
): Promise<HttpReply<readonly JsonValue[]>> {
  return await ask(question, options, async (response) => {
    const lines = (await readText(response, mostBytes))?.split('\n').filter((line) => line.trim() !== '');
    const values: JsonValue[] = [];
    for (const line of lines ?? [undefined]) {
      const read = parse(line);
      if (read.status === 'error') return read;
      values.push(read.json);
    }
    return { status: 'replied', json: values };
  });
}

type Read<Value> = (response: Response) => Promise<HttpReply<Value>>;

async function ask<Value>(question: HttpQuestion, options: HttpOptions, read: Read<Value>): Promise<HttpReply<Value>> {
  let last: HttpReply<Value> = failure('it was not asked', false);
  for (let tries = 1; tries <= TRIES; tries++) {
    const { reply, wait } = await tryOnce(question, options, read);
    last = reply;
    if (reply.status === 'replied' || reply.final) return reply;
    if (tries < TRIES) await options.sleep(Math.min(LONGEST_WAIT, wait ?? FIRST_WAIT * 2 ** (tries - 1)));
  }
  return last;
}

interface Try<Value> {
  readonly reply: HttpReply<Value>;
  /** How long the service asks us to wait, milliseconds. */
  readonly wait?: number | undefined;
}

async function tryOnce<Value>(
  { path, headers, body }: HttpQuestion,
  { baseUrl, timeout }: HttpOptions,
  read: Read<Value>,
): Promise<Try<Value>> {
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
      ...(body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', ...headers },
      // A redirect could carry the key to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (!response.ok) {
      await response.body?.cancel();
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const wait = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
      const reply = failure(`the service answered ${response.status}`, FINAL.has(response.status));
      return { reply: { ...reply, code: response.status }, wait };
    }
    return { reply: await read(response) };
  } catch (error) {
    return { reply: failure(`the service cannot be reached: ${reasonOf(error)}`, false) };
  }
}

function failure(reason: string, final: boolean): HttpError {
  return { status: 'error', reason, final };
}

/** The outermost message says only that a fetch failed; the cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function parse(text: string | undefined): HttpReply<JsonValue> {
  if (text === undefined) return failure('the answer is too long', false);
  try {
    const json: JsonValue = JSON.parse(text);
    return { status: 'replied', json };
  } catch (error) {
    return failure(`the service did not answer with JSON: ${reasonOf(error)}`, false);
  }
}

/** Undefined when it is longer. */
async function readText({ body }: Response, mostBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
