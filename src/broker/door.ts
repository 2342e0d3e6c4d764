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
  /** Longest time for one request to come whole, in milliseconds, from the nonce or from the answer before. */
  readonly requestMilliseconds: number;
  /** Takes over a connection that has shown the nonce. */
  readonly admit: (socket: Socket) => void;
  /** Called for every connection that was dropped, with why. */
  readonly dropped: (reason: DoorDrop) => void;
}

export type DoorDrop = 'no-preface' | 'connection-limit' | 'request-timeout';

/** A connection of the door. Busy: a request is being served on it, so it may not be dropped. */
type State = { readonly busy: true } | { readonly busy: false; readonly timer: NodeJS.Timeout };

/**
 * The broker's only entrance: a unix socket on which every connection first presents `SALLYPORT/1 <nonce>\n`. The
 * socket's mode keeps other users out; the nonce keeps out what runs as the same user but is not the airlock.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #preface: Buffer;
  readonly #server: Server;
  /** Oldest first. */
  readonly #connections = new Map<Socket, State>();

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

  /** A request came whole: from now on it is served, and its connection is not dropped. */
  serve(socket: Socket): void {
    if (this.#forget(socket)) this.#connections.set(socket, { busy: true });
  }

  /** It was answered. The connection moves to the young end, and has time for one more request. */
  rest(socket: Socket): void {
    if (this.#forget(socket)) this.#awaitRequest(socket);
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
    socket.once('close', () => this.#forget(socket));
    this.#awaitRequest(socket);
    this.#awaitPreface(socket);
  }

  /** Node's own check of this begins when a server listens, and the one that reads our requests never does. */
  #awaitRequest(socket: Socket): void {
    const drop = (): void => {
      this.#options.dropped('request-timeout');
      socket.destroy();
    };
    this.#connections.set(socket, { busy: false, timer: setTimeout(drop, this.#options.requestMilliseconds) });
  }

  /** @returns whether it was a connection of ours. */
  #forget(socket: Socket): boolean {
    const state = this.#connections.get(socket);
    if (state?.busy === false) clearTimeout(state.timer);
    return this.#connections.delete(socket);
  }

  /** Drops the connection that has been idle longest. Idle also means: its request has not come completely. */
  #makeRoom(): boolean {
    for (const [socket, { busy }] of this.#connections) {
      if (busy) continue;
      this.#forget(socket);
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
