import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { answerQuery, readQuery } from './dns-message.ts';
import { listen } from './forwarder.ts';
import type { NameTable } from './names.ts';

const DNS_PORT = 53;
const RESOLVER_ADDRESS = '127.0.0.1';
const IDLE_MILLISECONDS = 10_000;

export interface Resolver {
  close(): void;
}

/**
 * The only resolver inside, on 127.0.0.1:53, UDP and TCP. It answers from the table and forwards nothing.
 * @param port another port, for tests without privilege.
 */
export async function startResolver(names: NameTable, port = DNS_PORT): Promise<Resolver> {
  const reply = (message: Buffer): Buffer | undefined => {
    const query = readQuery(message);
    return query === undefined ? undefined : answerQuery(message, query, names.addressOf(query.name));
  };
  const [datagrams, streams] = await Promise.all([answerDatagrams(reply, port), answerStreams(reply, port)]);
  return {
    close: () => {
      datagrams.close();
      streams.close();
    },
  };
}

type Reply = (message: Buffer) => Buffer | undefined;

function answerDatagrams(reply: Reply, port: number): Promise<DatagramSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<DatagramSocket>();
  const socket = createSocket('udp4');
  socket.once('error', reject);
  socket.on('message', (message, from) => {
    const answer = reply(message);
    // A peer that is gone by the time it is answered is its own loss.
    if (answer !== undefined) socket.send(answer, from.port, from.address, () => undefined);
  });
  socket.bind(port, RESOLVER_ADDRESS, () => resolve(socket));
  return promise;
}

function answerStreams(reply: Reply, port: number): Promise<Server> {
  return listen(port, RESOLVER_ADDRESS, (client) => {
    client.setTimeout(IDLE_MILLISECONDS, () => client.destroy());
    client.on('error', () => client.destroy());
    client.on('end', () => client.end());
    // Who asks without end and reads no answer would fill our memory, which no limit of the agent holds.
    client.on('drain', () => client.resume());
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      pending = answerPending(client, Buffer.concat([pending, chunk]), reply);
      if (client.writableNeedDrain) client.pause();
    });
  });
}

/** RFC 1035 §4.2.2: each message has two bytes of length before it. Returns what is not complete yet. */
function answerPending(client: Socket, bytes: Buffer, reply: Reply): Buffer<ArrayBuffer> {
  let rest = bytes;
  while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
    const end = 2 + rest.readUInt16BE(0);
    const answer = reply(rest.subarray(2, end));
    if (answer === undefined) {
      client.destroy();
      return Buffer.alloc(0);
    }
    const length = Buffer.alloc(2);
    length.writeUInt16BE(answer.length);
    client.write(Buffer.concat([length, answer]));
    rest = rest.subarray(end);
  }
  return Buffer.from(rest);
}
