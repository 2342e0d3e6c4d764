import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Answers one request; the upstream has kept it before. */
export type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

export interface TestUpstream extends AsyncDisposable {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Resolves when a response's connection was closed before it was finished. */
  readonly abandoned: Promise<void>;
}

/** A provider on loopback that keeps what it gets and answers as the test says. */
export async function startUpstream(answer: Answer): Promise<TestUpstream> {
  const requests: SeenRequest[] = [];
  const abandoned = Promise.withResolvers<void>();
  const server = createServer(async (incoming, response) => {
    response.on('close', () => {
      if (!response.writableFinished) abandoned.resolve();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url = '', headers, rawHeaders } = incoming;
    const request = { method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString('utf8') };
    requests.push(request);
    await answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // `address()` is an object for every TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    abandoned: abandoned.promise,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1' });
  response.end(JSON.stringify(value));
}

/** Writes the bytes in pieces of `size`, each in its own turn of the event loop. */
export async function answerStream(
  response: ServerResponse,
  bytes: string | Buffer,
  size = Number.POSITIVE_INFINITY,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' });
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length; at += Math.min(size, buffer.length)) {
    response.write(buffer.subarray(at, at + Math.min(size, buffer.length)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}
