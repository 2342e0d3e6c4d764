import { connect } from 'node:net';

export interface SocketQuestion {
  readonly request: Uint8Array;
  /** Whether what has come so far is the whole answer. */
  readonly isWhole: (received: Buffer) => boolean;
  /** Bytes of the longest answer. */
  readonly maxBytes: number;
  /** Milliseconds for everything. */
  readonly timeout: number;
}

/**
 * One question to a program that listens on a Unix socket, and its answer.
 * @throws Error when nobody listens, the answer is too long, does not come in time, or ends before it is whole
 */
export function askSocket(path: string, { request, isWhole, maxBytes, timeout }: SocketQuestion): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    let received = Buffer.alloc(0);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail('no answer in time'), timeout);
    socket.on('connect', () => socket.write(request));
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.length > maxBytes) fail('the answer is too long');
      else if (isWhole(received)) {
        resolve(received);
        socket.destroy();
      }
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => {
      clearTimeout(timer);
      fail('the answer is cut off');
    });
  });
}
