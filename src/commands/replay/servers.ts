import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

/** A server on loopback (or a Unix socket) that keeps everything it is sent. */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** `METHOD url`, headers and body, one text a request. */
  readonly requests: RecordedRequest[];
}

export interface RecordedRequest {
  readonly line: string;
  readonly headers: string;
  readonly body: string;
}

const MAX_BODY = 4 * 1024 * 1024;

/** Reads a body up to a bound; the rest is not kept. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    held += bytes.length;
    if (held <= MAX_BODY) chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** Starts a recorder; answers come from a table of paths, or are `ok`. */
export async function startRecorder(
  answers: { readonly [path: string]: string },
  socketPath?: string,
): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  return listen(
    (request, response) => {
      readBody(request).then(
        (body) => {
          const line = `${request.method} ${request.url}`;
          requests.push({ line, headers: JSON.stringify(request.headers), body });
          response.end(answers[request.url ?? ''] ?? 'ok\n');
        },
        () => response.destroy(),
      );
    },
    requests,
    socketPath,
  );
}

/** Listens with this handler; the recorder shows what the handler keeps in `requests`. */
export async function listen(
  handler: RequestListener,
  requests: RecordedRequest[],
  socketPath?: string,
): Promise<Recorder> {
  const server = createServer(handler);
  await new Promise<void>((listening) => {
    if (socketPath === undefined) server.listen(0, '127.0.0.1', listening);
    else server.listen({ path: socketPath, writableAll: true, readableAll: true }, listening);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Keeps UDP datagrams as requests of their own kind. */
export async function startUdpRecorder(
  requests: RecordedRequest[],
): Promise<{ readonly port: number } & AsyncDisposable> {
  const socket = createSocket('udp4');
  socket.on('message', (message) => requests.push({ line: 'UDP', headers: '', body: message.toString('latin1') }));
  await new Promise<void>((listening) => socket.bind(0, '127.0.0.1', listening));
  return {
    port: socket.address().port,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((closed) => socket.close(closed));
    },
  };
}
