import type { Duplex } from 'node:stream';
import { SallyportError } from '../errors/index.ts';
import { isObject, type JsonObject, type JsonValue } from '../system/index.ts';

/** One line of JSON each way. Nothing here comes from the agent, but a broken airlock must not exhaust the supervisor. */
const LONGEST_LINE = 64 * 1024 * 1024;

type Message =
  | { readonly id: number; readonly method: string; readonly parameters: JsonValue }
  | { readonly id: number; readonly result: JsonValue }
  | { readonly id: number; readonly error: string };

/** Answers a request of the other side; what it throws goes back as text. */
export type Handler = (method: string, parameters: JsonValue) => Promise<JsonValue>;

/**
 * Requests and answers over a stream, in both directions. When the stream ends every open request fails, so that
 * nobody waits for a process that is gone.
 */
export class Channel {
  readonly #stream: Duplex;
  readonly #handler: Handler;
  readonly #open = new Map<number, PromiseWithResolvers<JsonValue>>();
  readonly #closed = Promise.withResolvers<void>();
  #isOpen = true;
  #lastId = 0;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(stream: Duplex, handler: Handler) {
    this.#stream = stream;
    this.#handler = handler;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', () => this.#end());
    stream.on('end', () => this.#end());
    stream.on('close', () => this.#end());
  }

  /** Resolves when the other side is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /**
   * @param milliseconds longest wait for the answer; absent where something else bounds it.
   * @throws SallyportError SP1204 with the other side's words, when it is gone, or when it takes too long.
   */
  request(method: string, parameters: JsonValue = null, milliseconds?: number): Promise<JsonValue> {
    if (!this.#isOpen) return Promise.reject(new SallyportError('SP1204', 'the airlock is gone'));
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = Promise.withResolvers<JsonValue>();
    this.#open.set(id, answer);
    this.#send({ id, method, parameters });
    if (milliseconds === undefined) return answer.promise;
    const timer = setTimeout(() => {
      this.#open.delete(id);
      answer.reject(new SallyportError('SP1204', `the airlock did not answer within ${milliseconds / 1000} s`));
    }, milliseconds);
    return answer.promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#end();
    this.#stream.destroy();
  }

  #send(message: Message): void {
    if (this.#isOpen) this.#stream.write(`${JSON.stringify(message)}\n`);
  }

  #receive(chunk: Buffer): void {
    const end = chunk.indexOf(0x0a);
    this.#pending.push(end < 0 ? chunk : chunk.subarray(0, end));
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes > LONGEST_LINE) this.close();
    if (end < 0 || !this.#isOpen) return;
    const line = Buffer.concat(this.#pending).toString();
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#take(line);
    if (end + 1 < chunk.length) this.#receive(chunk.subarray(end + 1));
  }

  #take(line: string): void {
    // Sound: both sides are this class, over a descriptor nobody else holds.
    const message = JSON.parse(line) as Message;
    if ('method' in message) {
      void this.#handler(message.method, message.parameters).then(
        (result) => this.#send({ id: message.id, result }),
        (error: unknown) =>
          this.#send({ id: message.id, error: error instanceof Error ? error.message : String(error) }),
      );
      return;
    }
    const answer = this.#open.get(message.id);
    this.#open.delete(message.id);
    if ('error' in message) answer?.reject(new SallyportError('SP1204', message.error));
    else answer?.resolve(message.result);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const answer of this.#open.values()) answer.reject(new SallyportError('SP1204', 'the airlock is gone'));
    this.#open.clear();
    this.#closed.resolve();
  }
}

/** The message as an object, for the side that receives parameters. */
export function asObject(value: JsonValue): JsonObject {
  if (isObject(value)) return value;
  throw new SallyportError('SP1204', 'malformed message');
}
