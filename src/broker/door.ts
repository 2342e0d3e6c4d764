import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { SallyportError } from '../errors/index.ts';

/** How long a peer may take to say who it is. Long, for a machine may stall; the limit on connections bounds the rest. */
const PREFACE_MILLISECONDS = 30_000;

export interface DoorOptions {
  /** Path of the socket; made with mode 0600. */
  readonly socketPath: string;
  readonly nonce: string;
  /** Most connections at a time. Beyond it the one that waited longest without a complete request makes room. */
  readonly connections: number;
  /** Takes over a connection that has shown the nonce. */
  readonly admit: (socket: Socket) => void;
  /** Called for every connection that was dropped, with why. */
  readonly dropped: (reason: 'no-preface' | 'connection-limit') => void;
}

/**
 * The broker's only entrance: a unix socket on which every connection first presents `SALLYPORT/1 <nonce>\n`. The
 * socket's mode keeps other users out; the nonce keeps out what runs as the same user but is not the airlock.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #preface: Buffer;
  readonly #server: Server;
  /** Oldest first. True: a request is being served on it, so it may not be dropped. */
  readonly #connections = new Map<Socket, boolean>();

  private constructor(options: DoorOptions) {
    this.#options = options;
    this.#preface = Buffer.from(`SALLYPORT/1 ${options.nonce}\n`, 'latin1');
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(options: DoorOptions): Promise<Door> {
    const door = new Door(options);
    door.#server.listen({ path: options.socketPath, backlog: 1024 });
    try {
      await once(door.#server, 'listening');
      chmodSync(options.socketPath, 0o600);
    } catch (cause) {
      throw new SallyportError('SP1402', `the broker cannot listen at ${options.socketPath}`, { cause });
    }
    return door;
  }

  /** Says whether a request is being served on this connection. An idle one moves to the young end. */
  mark(socket: Socket, busy: boolean): void {
    if (!this.#connections.delete(socket)) return;
    this.#connections.set(socket, busy);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#connections.keys()) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    // Without a listener a reset by the peer would end the process.
    socket.on('error', () => socket.destroy());
    if (this.#connections.size >= this.#options.connections && !this.#makeRoom()) {
      this.#options.dropped('connection-limit');
      socket.destroy();
      return;
    }
    this.#connections.set(socket, false);
    socket.once('close', () => this.#connections.delete(socket));
    this.#awaitPreface(socket);
  }

  /** Drops the connection that has been idle longest. Idle also means: its request has not come completely. */
  #makeRoom(): boolean {
    for (const [socket, busy] of this.#connections) {
      if (busy) continue;
      this.#connections.delete(socket);
      socket.destroy();
      this.#options.dropped('connection-limit');
      return true;
    }
    return false;
  }

  #awaitPreface(socket: Socket): void {
    let received = Buffer.alloc(0);
    const drop = (): void => {
      this.#options.dropped('no-preface');
      socket.destroy();
    };
    const timer = setTimeout(drop, PREFACE_MILLISECONDS);
    const read = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (received.length < this.#preface.length) return;
      clearTimeout(timer);
      socket.off('data', read);
      if (!timingSafeEqual(received.subarray(0, this.#preface.length), this.#preface)) {
        drop();
        return;
      }
      socket.pause();
      socket.unshift(received.subarray(this.#preface.length));
      this.#options.admit(socket);
      socket.resume();
    };
    socket.on('data', read);
    socket.once('close', () => clearTimeout(timer));
  }
}
