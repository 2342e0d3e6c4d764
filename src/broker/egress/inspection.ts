import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { NetworkGrant } from '../../policy/index.ts';
import type { Authority } from './authority.ts';
import type { Leaf } from './certificate.ts';
import { exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import { answerRefusal, Refusal, writeRefusal } from './refusal.ts';
import { isOriginForm } from './request-head.ts';

/** The destination a connection was opened for; every request on it must be for the same. */
export interface Passage {
  readonly target: Authority;
  readonly grants: readonly NetworkGrant[];
  readonly secure: boolean;
}

/** Reads HTTP/1.1 on connections whose TLS ends here (or that are plain HTTP), and exchanges each request. */
export class Inspection {
  readonly #gate: Gate;
  readonly #server: Server;
  readonly #passages = new WeakMap<Duplex, Passage>();
  readonly #idle = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(gate: Gate) {
    this.#gate = gate;
    this.#server = createServer({ insecureHTTPParser: false, maxHeaderSize: 32 * 1024 }, (request, response) =>
      this.#take(request, response),
    );
    this.#server.on('clientError', (_error, socket) => this.#refuseMalformed(socket));
    this.#server.on('checkExpectation', (_request, response) =>
      answerRefusal(response, new Refusal('malformed-request', 'this expectation is not supported')),
    );
  }

  /** End TLS here with a certificate of the run's authority, offering HTTP/1.1 only, then read the requests. */
  acceptTls(socket: Duplex, hello: Buffer, leaf: Leaf, passage: Passage): void {
    socket.unshift(hello);
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ key: leaf.key, cert: leaf.cert, minVersion: 'TLSv1.2' }),
      ALPNProtocols: ['http/1.1'],
    });
    secure.on('error', () => socket.destroy());
    socket.on('close', () => secure.destroy());
    this.accept(secure, passage);
  }

  accept(socket: Duplex, passage: Passage): void {
    this.#passages.set(socket, passage);
    this.#awaitHead(socket);
    socket.on('close', () => clearTimeout(this.#idle.get(socket)));
    this.#server.emit('connection', socket);
  }

  /** The server never listens, so its own timers do not run: bound the wait for each head here, drip or silence. */
  #awaitHead(socket: Duplex): void {
    clearTimeout(this.#idle.get(socket));
    if (socket.destroyed) return;
    this.#idle.set(
      socket,
      setTimeout(() => socket.destroy(), this.#gate.limits.requestMs),
    );
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const passage = this.#passages.get(socket);
    if (!passage) throw new Error('a request on a connection that was never accepted');
    clearTimeout(this.#idle.get(socket));
    response.on('close', () => this.#awaitHead(socket));
    const path = request.url ?? '';
    const { target, grants, secure } = passage;
    if (!isOriginForm(path)) {
      const refusal = new Refusal('bad-target', 'the request target must be a path');
      this.#gate.log.refuse({ target, passage: 'inspected', method: request.method, path }, refusal);
      answerRefusal(response, refusal);
      return;
    }
    void exchange(this.#gate, { request, response, target, grants, secure, path, passage: 'inspected' });
  }

  #refuseMalformed(socket: Duplex): void {
    const target = this.#passages.get(socket)?.target;
    const refusal = new Refusal('malformed-request', 'the request is not well-formed HTTP/1.1');
    this.#gate.log.refuse({ target, passage: 'inspected' }, refusal);
    if (socket.writable) writeRefusal(socket, refusal);
    else socket.destroy();
  }
}
