/** A server on loopback that answers as a forge documents it. What a forge does lives in the files beside this one. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForgeCall {
  readonly method: string;
  /** Below the API, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Body;
}

/** A JSON body whose fields a test reads without asking twice. */
export type Body = { readonly [name: string]: unknown };

export interface ForgeReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  /** Sent as it is, in place of a body. */
  readonly raw?: string | Buffer;
  /** Breaks the connection off after what was sent. */
  readonly broken?: boolean;
  /** Never answers. */
  readonly silent?: boolean;
}

export type Route = (call: ForgeCall) => ForgeReply | undefined;

/** A reply that comes in place of the forge's own, once, for the first call that fits. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  readonly reply: ForgeReply;
  /** What was asked for is done all the same: only the answer is lost. */
  readonly done?: boolean;
}

export interface ForgeServer extends AsyncDisposable {
  readonly url: string;
  readonly calls: ForgeCall[];
  readonly faults: Fault[];
  /** Calls of a method, in order. */
  sent(method: string, path?: RegExp): readonly ForgeCall[];
}

const MAX_BODY = 4 * 1024 * 1024;

/** Starts a forge; closed by its own handle. */
export async function startForge(prefix: string, route: Route): Promise<ForgeServer> {
  const calls: ForgeCall[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, prefix, (call) => {
      calls.push(call);
      const fault = faults.findIndex(({ method, path }) => method === call.method && path.test(call.path));
      const [met] = fault < 0 ? [] : faults.splice(fault, 1);
      if (met === undefined) return route(call);
      if (met.done === true) route(call);
      return met.reply;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    calls,
    faults,
    sent: (method, path = /^/) => calls.filter((call) => call.method === method && path.test(call.path)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  prefix: string,
  handle: (call: ForgeCall) => ForgeReply | undefined,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).subarray(0, MAX_BODY).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://forge.test');
  const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
  const body: Body = text === '' ? {} : JSON.parse(text);
  const call = { method: request.method ?? '', path, query: url.searchParams, headers: request.headers, body };
  const reply = handle(call) ?? { status: 404, body: { message: 'Not Found' } };
  if (reply.silent === true) return;
  const content = reply.raw ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const length = reply.broken === true ? { 'content-length': String(Buffer.byteLength(content) + 100) } : {};
  response.writeHead(reply.status, { 'content-type': 'application/json', ...length, ...reply.headers });
  response.write(content === '' ? ' ' : content, () => {
    if (reply.broken === true) response.destroy();
    else response.end();
  });
}

/** One page of a list, with the address of the next in `Link`. */
export function pageOf(call: ForgeCall, base: string, list: readonly unknown[], most = 100): ForgeReply {
  const size = Math.min(most, Number(call.query.get('per_page') ?? call.query.get('limit') ?? 30));
  const page = Number(call.query.get('page') ?? 1);
  const body = list.slice((page - 1) * size, page * size);
  const query = new URLSearchParams(call.query);
  query.set('page', String(page + 1));
  const link = `<${base}${call.path}?${query}>; rel="next", <${base}${call.path}?page=1>; rel="first"`;
  return { status: 200, body, ...(page * size < list.length ? { headers: { link } } : {}) };
}

/** A clock that moves only when somebody waits, and what was waited for. */
export function manualTime() {
  const waits: number[] = [];
  let now = Date.UTC(2026, 0, 1);
  return {
    waits,
    clock: { now: () => now },
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
}
