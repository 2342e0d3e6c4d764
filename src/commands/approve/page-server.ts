import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SallyportError } from '../../errors/index.ts';
import { errorCode, hasCode, type JsonObject, type JsonValue } from '../../system/index.ts';
import type { Page } from './page.ts';

/** What a step of the conversation with the page comes to. */
export type StepAnswer<Result> =
  | { readonly kind: 'answer'; readonly body: JsonObject }
  | { readonly kind: 'refused'; readonly error: string }
  /** The last one: the page has what it needs, and nobody is served any more. */
  | { readonly kind: 'done'; readonly result: Result };

export interface PageRequest<Result> {
  /** 0: any that is free. */
  readonly port: number;
  /** Stands in the path: without it there is no page. At least 128 bits, base64url. */
  readonly token: string;
  /** Made when the origin is known. */
  readonly page: Page;
  /** By the last word of the path. */
  readonly steps: { readonly [step: string]: (body: JsonValue, origin: string) => Promise<StepAnswer<Result>> };
  /** Milliseconds. */
  readonly timeLimit: number;
  /** Told once, when the page can be opened. */
  readonly announce: (address: string) => void;
}

const MAX_BODY = 64 * 1024;
/** A page asks a handful of times; for who guesses, it ends. */
const MAX_POSTS = 50;
const MAX_PORT = 65_535;

/**
 * Serves one page of this machine to one person until it is used, and no longer than the time limit. It listens on both
 * loopback addresses, because a browser may take either for `localhost`, and answers only to that name: a page of
 * another name that leads here (DNS rebinding) gets nothing.
 *
 * @throws SallyportError SP2605 when the port is not free, SP2606 when nobody finished in time
 */
export async function servePage<Result>(request: PageRequest<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const conversation = new Conversation(request, { resolve, reject });
  const servers: Server[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    servers.push(await listen('127.0.0.1', request.port, conversation));
    const port = portOf(servers[0]);
    const other = await listenIfThere('::1', port, conversation);
    if (other) servers.push(other);
    conversation.origin = `http://localhost:${port}`;
    timer = setTimeout(() => reject(new SallyportError('SP2606', 'the page was not used in time')), request.timeLimit);
    request.announce(`${conversation.origin}/${request.token}`);
    return await promise;
  } finally {
    clearTimeout(timer);
    await Promise.all(servers.map(close));
  }
}

interface Outcome<Result> {
  resolve(result: Result): void;
  reject(error: SallyportError): void;
}

class Conversation<Result> {
  origin = '';
  readonly #request: PageRequest<Result>;
  readonly #outcome: Outcome<Result>;
  #posts = 0;

  constructor(request: PageRequest<Result>, outcome: Outcome<Result>) {
    this.#request = request;
    this.#outcome = outcome;
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token, page } = this.#request;
    const [, first, step, ...more] = (incoming.url ?? '').split('/');
    if (`http://${incoming.headers.host}` !== this.origin || first !== token || more.length > 0)
      return send(response, 404, 'text/plain', 'not found\n');
    if (step === undefined && incoming.method === 'GET')
      return send(response, 200, 'text/html; charset=utf-8', page.html, page.contentSecurityPolicy);
    if (step === undefined || incoming.method !== 'POST' || incoming.headers.origin !== this.origin)
      return send(response, 404, 'text/plain', 'not found\n');
    return this.#step(step, incoming, response);
  }

  async #step(name: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const act = Object.hasOwn(this.#request.steps, name) ? this.#request.steps[name] : undefined;
    this.#posts += 1;
    if (this.#posts > MAX_POSTS) this.#outcome.reject(new SallyportError('SP2606', 'the page was asked too often'));
    if (act === undefined || this.#posts > MAX_POSTS) return sendJson(response, 404, { error: 'not found' });
    const body = await readJson(incoming);
    if (body === undefined) return sendJson(response, 400, { error: 'the request cannot be read' });
    const answer = await act(body, this.origin);
    if (answer.kind === 'refused') return sendJson(response, 400, { error: answer.error });
    if (answer.kind === 'answer') return sendJson(response, 200, answer.body);
    await sendJson(response, 200, {});
    this.#outcome.resolve(answer.result);
  }
}

async function listen<Result>(host: string, port: number, conversation: Conversation<Result>): Promise<Server> {
  const server = createServer((incoming, response) => {
    conversation.answer(incoming, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port: Math.min(port, MAX_PORT), exclusive: true }, resolve);
  try {
    await promise;
    return server;
  } catch (cause) {
    if (hasCode(cause, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) throw cause;
    throw new SallyportError('SP2605', `port ${port} of ${host}: ${errorCode(cause) ?? 'it cannot be used'}`, {
      cause,
    });
  }
}

/** A machine without IPv6 has no second address, and so nobody else can have it either. */
async function listenIfThere<Result>(
  host: string,
  port: number,
  conversation: Conversation<Result>,
): Promise<Server | undefined> {
  try {
    return await listen(host, port, conversation);
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    return undefined;
  }
}

function portOf(server: Server | undefined): number {
  const address = server?.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

async function readJson(incoming: IncomingMessage): Promise<JsonValue | undefined> {
  if (incoming.headers['content-type'] !== 'application/json') return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(bytes);
  }
  try {
    const value: JsonValue = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return value;
  } catch {
    // Whoever posts something else than JSON is not the page.
    return undefined;
  }
}

function sendJson(response: ServerResponse, status: number, body: JsonObject): Promise<void> {
  return send(response, status, 'application/json', JSON.stringify(body));
}

async function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  policy = "default-src 'none'; frame-ancestors 'none'",
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.on('close', resolve);
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(body);
  await promise;
}
