import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy that lets everything pass to the fake Internet, and nothing beyond it. */
export async function startNaiveProxy(address: string): Promise<AsyncDisposable & { readonly url: string }> {
  const locate = (host: string): string | undefined => {
    if (/\.egress\.test\.?$/i.test(host)) return address;
    return host.startsWith('127.') ? host : undefined;
  };
  const open = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const { hostname, port, pathname } = new URL(incoming.url ?? '', 'http://nowhere.test');
    const host = locate(hostname);
    if (host === undefined) {
      outgoing.writeHead(502).end();
      return;
    }
    const headers = incoming.headers;
    const onward = httpRequest({ host, port, path: pathname, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'text/plain' });
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', (incoming, client) => {
    const [, hostname = '', port] = /^(?:.*@)?(.*):(\d+)$/.exec(incoming.url ?? '') ?? [];
    const host = locate(hostname);
    if (host === undefined) {
      client.end('HTTP/1.1 502 Unknown\r\n\r\n');
      return;
    }
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    const upstream = connect(Number(port), host);
    open.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
    upstream.pipe(client).pipe(upstream);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // An object for every TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
