import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type RandomBytes, writeFileExclusive } from '../system/index.ts';
import type { Canaries } from './probe/checks.ts';

/** Real targets outside for the probe to reach for, and a count of who did. */
export interface OpenCanaries extends AsyncDisposable {
  readonly targets: Canaries;
  /** Names of the canaries that were reached, by whomever. */
  readonly touched: ReadonlySet<string>;
}

/** Opens the canaries in the run directory and on the host's loopback. Dispose closes the listeners. */
export async function openCanaries(runDirectory: string, random: RandomBytes): Promise<OpenCanaries> {
  const touched = new Set<string>();
  const abstractName = `\0sallyport-canary-${random(8).toString('hex')}`;
  const socketPath = join(runDirectory, 'canary.sock');
  const filePath = join(runDirectory, 'canary');
  const servers = [
    listen('tcp-listener', { host: '127.0.0.1', port: 0 }, touched),
    listen('abstract-listener', { path: abstractName }, touched),
    listen('path-listener', { path: socketPath }, touched),
  ] as const;
  const written = writeFileExclusive(filePath, random(16).toString('hex'), 0o644);
  const results = await Promise.allSettled([...servers, written]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    // One that listens on would keep this process alive after it has said that the run is over.
    for (const server of await Promise.allSettled(servers))
      if (server.status === 'fulfilled') await close(server.value);
    throw failed.reason;
  }
  const [tcp, abstract, path] = await Promise.all(servers);
  const address = tcp.address();
  const tcpPort = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    targets: { tcpPort, abstractName, socketPath, filePath, runDirectory, supervisorPid: process.pid },
    touched,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([tcp, abstract, path].map(close));
    },
  };
}

function listen(
  name: string,
  options: { readonly host: string; readonly port: number } | { readonly path: string },
  touched: Set<string>,
): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = createServer((socket) => {
    touched.add(name);
    socket.destroy();
  });
  server.once('error', reject);
  server.listen(options, () => resolve(server));
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  return promise;
}
