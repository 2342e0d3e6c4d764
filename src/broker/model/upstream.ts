import {
  type ClientRequest,
  type Agent as HttpAgent,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { hasCode } from '../../system/index.ts';
import type { HeaderPair } from '../http-headers.ts';

/**
 * A connection that was closed before it was reused answers the first byte with a reset, after one way there and back.
 * A reset that comes later may come from a provider that has read the request, and may have worked on it: a request is
 * not sent twice then.
 */
const RESET_MILLISECONDS = 500;

/** One request as it goes to the provider. */
export interface OutgoingRequest {
  readonly method: string;
  /** Path and query of the API, without the base path of a gateway. */
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  readonly body: Buffer;
}

/**
 * The one place the model route connects to: the address comes from the policy, never from the request. Redirects are
 * not followed and connections are kept alive.
 */
export class Upstream implements Disposable {
  /** As a person names it: `api.anthropic.com:443`. */
  readonly destination: string;
  readonly #url: URL;
  readonly #basePath: string;
  readonly #ca: string | undefined;
  /** Made at the first request: a run that asks no model loads no TLS. */
  #agent: HttpAgent | undefined;
  readonly #authorisation: readonly [name: string, value: string] | undefined;

  constructor(options: {
    readonly url: URL;
    readonly authorisation: readonly [name: string, value: string] | undefined;
    /** PEM of the authority of a private gateway; replaces the system's list. */
    readonly ca: string | undefined;
  }) {
    this.#url = options.url;
    const secure = this.#url.protocol === 'https:';
    this.destination = `${this.#url.hostname}:${this.#url.port || (secure ? 443 : 80)}`;
    this.#basePath = this.#url.pathname.replace(/\/+$/, '');
    this.#authorisation = options.authorisation;
    this.#ca = options.ca;
  }

  /**
   * Connects at once, sends nothing before `recorded` resolved, and resolves with the response's head. Rejects when the
   * record is refused, the provider cannot be reached or `signal` aborts.
   */
  send(
    { method, target, headers, body }: OutgoingRequest,
    recorded: Promise<void>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const all: readonly HeaderPair[] = [
      ['Host', this.#url.host],
      ...headers,
      ...(this.#authorisation ? [this.#authorisation] : []),
      ['Accept-Encoding', 'identity'],
      ['Content-Length', String(body.length)],
    ];
    const send = this.#url.protocol === 'https:' ? secureRequest : plainRequest;
    this.#agent ??= this.#createAgent();
    const agent = this.#agent;
    const attempt = (): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const outgoing: ClientRequest = send({
          host: this.#url.hostname.replace(/^\[|\]$/g, ''),
          port: this.#url.port,
          method,
          path: this.#basePath + target,
          headers: all.flat(),
          agent,
        });
        let isFresh = true;
        let stale: NodeJS.Timeout | undefined;
        outgoing.once('close', () => clearTimeout(stale));
        // Not Node's `signal` option: it lets go of the request as soon as that was sent.
        signal.addEventListener('abort', () => outgoing.destroy(new Error('aborted')), { once: true });
        outgoing.on('response', (response) => {
          signal.addEventListener('abort', () => response.destroy(new Error('aborted')), { once: true });
          resolve(response);
        });
        outgoing.on('error', (error) => {
          // The provider closed an idle connection in the moment we reused it: it has not seen the request. The next
          // one may be idle too; each is used up by this, and a new one is not retried.
          if (outgoing.reusedSocket && isReset(error) && isFresh && !signal.aborted) resolve(attempt());
          else reject(error);
        });
        // An answer of the kind nobody asked for: the socket must not stay with us.
        outgoing.on('upgrade', (_response, socket) => {
          socket.destroy();
          reject(new Error('the provider tried to change the protocol'));
        });
        recorded.then(
          () => {
            outgoing.end(body);
            stale = setTimeout(() => {
              isFresh = false;
            }, RESET_MILLISECONDS).unref();
          },
          (error: Error) => outgoing.destroy(error),
        );
      });
    return attempt();
  }

  [Symbol.dispose](): void {
    this.#agent?.destroy();
  }

  #createAgent(): HttpAgent {
    const keepAlive = { keepAlive: true, maxFreeSockets: 32, scheduling: 'lifo' as const };
    if (this.#url.protocol !== 'https:') return new PlainAgent(keepAlive);
    return new SecureAgent({ ...keepAlive, ...(this.#ca === undefined ? {} : { ca: this.#ca }) });
  }
}

/** EPIPE is the same event, noticed while writing. */
function isReset(error: Error): boolean {
  return hasCode(error, 'ECONNRESET', 'EPIPE');
}
