import type { Server, Socket } from 'node:net';
import { bridge, listen, preface } from './forwarder.ts';
import type { NameTable } from './names.ts';

const LONGEST_RESPONSE_HEAD = 8192;
const END_OF_HEAD = '\r\n\r\n';
/** Tells the broker that the client speaks plain HTTP: it never meant a tunnel, so each of its requests is judged. */
const CAPTURED_HTTP = '\r\nX-Sallyport-Captured: http';

/**
 * Takes connections to fake addresses and asks the broker for a tunnel to the name they stand for, so that clients
 * without proxy support work unchanged. The broker decides; a refusal closes the connection.
 */
export function capturePort(
  { port, isPlain }: { readonly port: number; readonly isPlain: boolean },
  names: NameTable,
  broker: { readonly socket: string; readonly nonce: string },
): Promise<Server> {
  // The wildcard address, because each name has an address of its own; only loopback exists here.
  return listen(port, '0.0.0.0', (client) => {
    const name = names.nameAt(client.localAddress ?? '');
    if (name === undefined) {
      client.destroy();
      return;
    }
    const authority = `${name}:${port}`;
    const request = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}${isPlain ? CAPTURED_HTTP : ''}${END_OF_HEAD}`;
    client.pause();
    const upstream = bridge(client, broker.socket, preface(broker.nonce) + request);
    awaitTunnel(client, upstream);
  });
}

function awaitTunnel(client: Socket, upstream: Socket): void {
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0 && head.length <= LONGEST_RESPONSE_HEAD) return;
    upstream.off('data', onData);
    if (end < 0 || !/^HTTP\/1\.[01] 200 /.test(head.toString('latin1', 0, 16))) {
      client.destroy();
      upstream.destroy();
      return;
    }
    client.write(head.subarray(end + END_OF_HEAD.length));
    client.pipe(upstream);
    upstream.pipe(client);
  };
  upstream.on('data', onData);
}
