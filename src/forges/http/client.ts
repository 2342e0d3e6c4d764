import { SallyportError } from '../../errors/index.ts';
import type { Clock, JsonValue } from '../../system/index.ts';
import { parseApiAddress, resolveTarget } from './address.ts';
import { type HttpReply, readReply } from './reply.ts';
import { waitAfterFault, waitBeforeRetry } from './retry.ts';

/** Time and waiting as parameters, so that tests need neither. */
export interface HttpTime {
  readonly clock: Pick<Clock, 'now'>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** For one try, milliseconds. Default 30 000. */
  readonly timeout?: number;
  /** For everything together, waits included, milliseconds. Default 300 000. */
  readonly budget?: number;
}

export interface HttpSettings {
  readonly apiUrl: string;
  /** Sent with every request; holds the token. */
  readonly headers: Readonly<Record<string, string>>;
  /** The token once more: should the forge repeat it, or the header with it, it is taken out of the reply. */
  readonly secret: string;
  /** How this forge is asked for pages as long as it gives them: `per_page=100`. */
  readonly paging: string;
  readonly time: HttpTime;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A path below the API that begins with a slash, or a whole address there. */
  readonly target: string;
  readonly body?: JsonValue;
  readonly accept?: string;
  /**
   * For a write that must not be done twice: asked before it is sent again, when nobody knows what became of the try
   * before. True: it was done. Absent: doing it twice is doing it once, or the forge refuses the second.
   */
  readonly wasDone?: () => Promise<boolean>;
}

/** Talks to one forge and to no other host. */
export interface HttpClient {
  readonly api: URL;
  readonly paging: string;
  /**
   * Sends a request until there is a final reply, of whatever status below 500.
   * @throws SallyportError SP2405 when there is none in time, SP2406 for a reply that cannot be one
   */
  send(request: HttpRequest): Promise<HttpReply>;
}

const TIMEOUT = 30_000;
const BUDGET = 300_000;
const TRIES = 5;
const REDIRECTS = 3;
const MOVED = new Set([301, 302, 307, 308]);

/** A client for one forge. The token stands in no message, whatever happens. */
export function createHttpClient({ apiUrl, headers, secret, paging, time }: HttpSettings): HttpClient {
  const api = parseApiAddress(apiUrl);
  const deadline = time.clock.now() + (time.budget ?? BUDGET);
  const secrets = spellingsOf(secret, headers['authorization']);
  return {
    api,
    paging,
    send: async (request) => {
      for (let tries = 1; ; tries++) {
        const outcome = await attempt(api, request, headers, time.timeout ?? TIMEOUT);
        const now = time.clock.now();
        const wait = outcome.kind === 'reply' ? waitBeforeRetry(outcome.reply, tries, now) : waitAfterFault(tries);
        if (outcome.kind === 'reply' && wait === undefined) return withoutSecrets(outcome.reply, secrets);
        const said = outcome.kind === 'reply' ? `answers ${outcome.reply.status}` : outcome.fault;
        if (tries >= TRIES) throw unreachable(api, `${said} after ${TRIES} tries`);
        if (now + (wait ?? 0) > deadline) throw unreachable(api, `${said}, and waiting takes longer than the budget`);
        await time.sleep(wait ?? 0);
        if (isUnsure(outcome) && (await request.wasDone?.())) return doneBefore();
      }
    },
  };
}

/** A limit says that nothing was done; a line that broke, or a fault of the forge, says nothing. */
function isUnsure(outcome: Outcome): boolean {
  return outcome.kind === 'fault' || outcome.reply.status >= 500;
}

/** Stands for the answer of a write that was found done: its own was lost. */
function doneBefore(): HttpReply {
  return { status: 201, headers: new Headers(), text: '{}' };
}

/** As it is, as the header has it (`Basic …` is base64 of it), and each as JSON spells it. */
function spellingsOf(secret: string, authorization: string | undefined): ReadonlySet<string> {
  const plain = [secret, authorization?.split(' ').at(-1) ?? secret];
  return new Set(plain.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]));
}

function withoutSecrets(reply: HttpReply, secrets: ReadonlySet<string>): HttpReply {
  const text = [...secrets].reduce((rest, secret) => rest.replaceAll(secret, '[token]'), reply.text);
  return text === reply.text ? reply : { ...reply, text };
}

function unreachable(api: URL, reason: string): SallyportError {
  return new SallyportError('SP2405', `${api.host}: ${reason}`);
}

type Outcome =
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  /** The line broke, or nothing came in time. */
  | { readonly kind: 'fault'; readonly fault: string };

async function attempt(
  api: URL,
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  timeout: number,
): Promise<Outcome> {
  let target = request.target;
  for (let hops = 0; hops <= REDIRECTS; hops++) {
    const url = resolveTarget(api, target);
    if (url === undefined)
      throw new SallyportError('SP2406', `${api.host} points away from its API; it is not followed`);
    const outcome = await sendOnce(url, request, headers, timeout);
    if (outcome.kind === 'fault' || !MOVED.has(outcome.reply.status)) return outcome;
    target = followed(api, url, request, outcome.reply);
  }
  throw new SallyportError('SP2406', `${api.host} redirects in a circle`);
}

/** A write is repeated elsewhere only when the forge asks for the same method (RFC 9110 §15.4.8). */
function followed(api: URL, from: URL, { method }: HttpRequest, { status, headers }: HttpReply): string {
  if (method !== 'GET' && status < 307)
    throw new SallyportError('SP2404', `${api.host} has this repository at another address`, {
      advice: 'Give its present name with --repository.',
    });
  const location = URL.parse(headers.get('location') ?? '', from.href);
  if (location === null) throw new SallyportError('SP2406', `${api.host} redirects to nowhere`);
  return location.href;
}

async function sendOnce(
  url: URL,
  { method, body, accept }: HttpRequest,
  headers: Readonly<Record<string, string>>,
  timeout: number,
): Promise<Outcome> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': 'sallyport', accept: accept ?? 'application/json', ...content, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { kind: 'reply', reply: await readReply(response, url.host) };
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    return { kind: 'fault', fault: `cannot be reached (${faultName(error)})` };
  }
}

/** The code alone: what the runtime writes into a message may repeat a header. */
function faultName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection broke off';
}
