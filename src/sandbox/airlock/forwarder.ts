import { connect, createServer, type Server, type Socket } from 'node:net';

/** How a connection presents itself to the broker: without the nonce it is dropped. */
export function preface(nonce: string): string {
  return `SALLYPORT/1 ${nonce}\n`;
}

/** Open connections a listener takes; more wait in the kernel's queue or are refused. */
const MOST_CONNECTIONS = 1024;

/**
 * Carries bytes between a loopback port of the sandbox and the broker's socket, and nothing else: no rule lives here.
 * Either side may finish first; each direction stops reading while the other side cannot take more.
 */
export function bridge(client: Socket, brokerSocket: string, opening: string): Socket {
  const broker = connect({ path: brokerSocket, allowHalfOpen: true });
  const drop = (): void => {
    client.destroy();
    broker.destroy();
  };
  client.on('error', drop);
  broker.on('error', drop);
  // `close` without `end` is an abort; the other side must not be left hanging.
  client.on('close', (hadError) => hadError && drop());
  broker.on('close', () => client.destroySoon());
  broker.write(opening);
  return broker;
}

/** The broker's door inside: `127.0.0.1:port`. */
export function listenForBroker(port: number, brokerSocket: string, nonce: string): Promise<Server> {
  return listen(port, '127.0.0.1', (client) => {
    const broker = bridge(client, brokerSocket, preface(nonce));
    client.pipe(broker);
    broker.pipe(client);
  });
}

/** @throws the system's error when the address is taken. */
export function listen(port: number, host: string, onConnection: (client: Socket) => void): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = createServer({ allowHalfOpen: true }, onConnection);
  server.maxConnections = MOST_CONNECTIONS;
  server.once('error', reject);
  server.listen({ port, host, backlog: 511 }, () => resolve(server));
  return promise;
}
