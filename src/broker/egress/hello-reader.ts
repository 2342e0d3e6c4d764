import type { Duplex } from 'node:stream';
import { type ClientHello, parseClientHello } from './client-hello.ts';

export interface ReadHello {
  /** `closed` when the client left, `late` when it took too long. */
  readonly hello: ClientHello | 'not-tls' | 'closed' | 'late';
  /** All bytes read so far, to be passed on unchanged. */
  readonly bytes: Buffer;
}

/** Read from the connection until the ClientHello is whole or is known to be none. The connection is paused then. */
export function readClientHello(socket: Duplex, head: Buffer, timeoutMs: number): Promise<ReadHello> {
  return new Promise((resolve) => {
    let bytes = head;
    const settle = (hello: ReadHello['hello']) => {
      clearTimeout(timer);
      socket.pause();
      socket.off('data', take).off('end', leave).off('close', leave);
      resolve({ hello, bytes });
    };
    const judge = () => {
      const hello = parseClientHello(bytes);
      if (hello !== 'incomplete') settle(hello);
    };
    const take = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      judge();
    };
    const leave = () => settle('closed');
    const timer = setTimeout(settle, timeoutMs, 'late');
    socket.on('data', take).on('end', leave).on('close', leave);
    judge();
  });
}
