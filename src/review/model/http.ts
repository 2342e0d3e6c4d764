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

export type HttpReply =
  | { readonly status: 'replied'; readonly json: JsonValue }
  | Extract<ModelAnswer, { status: 'error' }>;

/** Posts JSON and reads JSON; tries again when the service is busy or the line broke, a bounded number of times. */
export async function postJson(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: JsonValue,
  options: HttpOptions,
): Promise<HttpReply> {
  let last: HttpReply = { status: 'error', reason: 'it was not asked', final: false };
  for (let tries = 1; tries <= TRIES; tries++) {
    const { reply, wait } = await tryOnce(path, headers, body, options);
    last = reply;
    if (reply.status === 'replied' || reply.final) return reply;
    if (tries < TRIES) await options.sleep(Math.min(LONGEST_WAIT, wait ?? FIRST_WAIT * 2 ** (tries - 1)));
  }
  return last;
}

interface Try {
  readonly reply: HttpReply;
  /** How long the service asks us to wait, milliseconds. */
  readonly wait?: number | undefined;
}

async function tryOnce(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: JsonValue,
  { baseUrl, timeout }: HttpOptions,
): Promise<Try> {
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      // A redirect could carry the key to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (!response.ok) {
      await response.body?.cancel();
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const wait = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
      return { reply: failure(`the service answered ${response.status}`, FINAL.has(response.status)), wait };
    }
    return { reply: parse(await readText(response)) };
  } catch (error) {
    return { reply: failure(`the service cannot be reached: ${reasonOf(error)}`, false) };
  }
}

function failure(reason: string, final: boolean): Extract<ModelAnswer, { status: 'error' }> {
  return { status: 'error', reason, final };
}

/** The outermost message says only that a fetch failed; the cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function parse(text: string | undefined): HttpReply {
  if (text === undefined) return failure(`the answer is longer than ${MOST_BYTES} bytes`, false);
  try {
    const json: JsonValue = JSON.parse(text);
    return { status: 'replied', json };
  } catch (error) {
    return failure(`the service did not answer with JSON: ${reasonOf(error)}`, false);
  }
}

async function readText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
