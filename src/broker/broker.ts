import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Recorder } from '../ledger/index.ts';
import { type Policy, readModelAddress } from '../policy/index.ts';
import type { Clock, RandomBytes } from '../system/index.ts';
import { createSentinel, type KnownSecret } from '../text/index.ts';
import { Bursts } from './burst.ts';
import type { BrokerContext } from './context.ts';
import { Door } from './door.ts';
import { createEgress, type EgressGate, type EgressOptions } from './egress/index.ts';
import { type DataFlow, Flows } from './flow.ts';
import { HeldBytes } from './held-bytes.ts';
import { DIALECTS, type DialectName } from './model/dialects.ts';
import { MAX_HELD_BYTES } from './model/request-body.ts';
import { ModelRoute } from './model/route.ts';
import type { ActionsOf } from './model/tool-firewall.ts';
import { Upstream } from './model/upstream.ts';
import { Session } from './session.ts';

/** Far more than an agent with sub-agents holds open; each may cost some 125 KiB (docs/benchmarks.md). */
const CONNECTIONS = 256;
const HEADER_BYTES = 32 << 10;
/** For one request to come whole; one of 32 MiB takes a second. */
const REQUEST_MILLISECONDS = 300_000;
const KEEP_ALIVE_MILLISECONDS = 75_000;
const MODEL_IDLE_MILLISECONDS = 600_000;
/** How long closing waits for the last records. */
const CLOSE_MILLISECONDS = 2000;

export interface BrokerOptions {
  /** Path of the unix socket, in a private directory. */
  readonly socketPath: string;
  /** What every connection has to present first: `SALLYPORT/1 <nonce>\n`. */
  readonly nonce: string;
  readonly policy: Policy;
  readonly credentials: EgressOptions['credentials'];
  /** Values that must not pass in any direction, besides those of `credentials` and the model key. */
  readonly secrets?: readonly KnownSecret[];
  readonly model: {
    readonly dialect: DialectName;
    /** Base URL of the provider or of a gateway of one's own. */
    readonly upstream: string;
    /** Undefined: the upstream asks for no key. */
    readonly realKey: string | undefined;
    readonly placeholder: string;
    /** PEM of the authority of a private upstream. */
    readonly ca?: string | undefined;
  };
  readonly recorder: Recorder;
  /** What a tool call of the agent would do, in the policy's words. */
  readonly actionsOf: ActionsOf;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly resolve?: EgressOptions['resolve'];
  /** The run's own certificate authority, when rules inspect TLS. */
  readonly authority?: EgressOptions['authority'];
  readonly roots?: EgressOptions['roots'];
  /** Most connections at a time; 256 when absent. */
  readonly connections?: number;
  /** Longest time for one request to come whole, in milliseconds; five minutes when absent. */
  readonly requestMilliseconds?: number;
  /** Longest silence of the model provider in milliseconds; ten minutes when absent. */
  readonly modelIdleMilliseconds?: number;
  /** Most bytes of model requests that are held at a time; eight of the largest when absent. */
  readonly modelHeldBytes?: number;
}

/** What a broker is made of, and the work it has not finished. */
interface BrokerParts {
  readonly flows: Flows;
  readonly door: Door;
  readonly egress: EgressGate;
  readonly upstream: Upstream;
  readonly route: ModelRoute;
  readonly bursts: Bursts<Drop>;
  readonly inFlight: Set<Promise<void>>;
}

/**
 * The only way out of a run. Listens on one unix socket; what comes over it is hostile.
 *
 * ```ts
 * await using broker = await Broker.start({ socketPath, nonce, policy, … });
 * // … the agent works …
 * const report = broker.dataFlow();
 * ```
 */
export class Broker implements AsyncDisposable {
  readonly #parts: BrokerParts;
  #closed: Promise<void> | undefined;

  private constructor(parts: BrokerParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the socket is bound.
   *
   * @throws SallyportError SP1401 when the upstream is no usable address, SP1402 when the socket cannot be bound.
   */
  static async start(options: BrokerOptions): Promise<Broker> {
    const flows = new Flows();
    const context = createContext(options, flows);
    const egress = createEgress(egressOptions(options, context));
    const upstream = createUpstream(options);
    const route = createRoute(options, context, upstream);
    const inFlight = new Set<Promise<void>>();
    const http = createHttpServer();
    const bursts = new Bursts<Drop>(options.clock, (reason, count) =>
      track(inFlight, recordDropped(context, reason, count)),
    );
    const door = await Door.open({
      socketPath: options.socketPath,
      nonce: options.nonce,
      connections: options.connections ?? CONNECTIONS,
      requestMilliseconds: options.requestMilliseconds ?? REQUEST_MILLISECONDS,
      admit: (socket) => http.emit('connection', socket),
      dropped: (reason) => bursts.add(reason),
    });
    const parts = { flows, door, egress, upstream, route, bursts, inFlight };
    connectRoutes(http, parts);
    return new Broker(parts);
  }

  /** What left so far, for whom. */
  dataFlow(): DataFlow {
    return this.#parts.flows.report();
  }

  /** Ends every connection and waits for the last records. */
  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #shutDown(): Promise<void> {
    const { door, egress, upstream, bursts, inFlight, route } = this.#parts;
    await door.close();
    await egress.close();
    upstream[Symbol.dispose]();
    bursts.flush();
    track(inFlight, route.finish());
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MILLISECONDS);
    await Promise.race([Promise.allSettled(inFlight), late]);
    clearTimeout(timer);
  }
}

function createContext(
  { policy, recorder, clock, random, credentials, secrets, model }: BrokerOptions,
  flows: Flows,
): BrokerContext {
  const session = new Session(policy);
  const watched = [
    ...(secrets ?? []),
    ...credentials.map(({ name, real }) => ({ name, value: real })),
    ...(model.realKey === undefined ? [] : [{ name: policy.model.keyEnv, value: model.realKey }]),
  ];
  // Each value once; the supervisor knows the granted ones too.
  const sentinel = createSentinel([...new Map(watched.map((secret) => [secret.value, secret])).values()]);
  // Compiles it now, while the workspace is staged, and not at the agent's first request.
  sentinel.find(Buffer.alloc(0));
  return {
    policy,
    decide: (action) => session.decide(action),
    record: async (event, recordOptions) => {
      await recorder.record(event, recordOptions);
    },
    sentinel,
    flows,
    clock,
    random,
  };
}

function egressOptions(
  { credentials, resolve, authority, roots }: BrokerOptions,
  context: BrokerContext,
): EgressOptions {
  return { context, credentials, roots, ...(resolve ? { resolve } : {}), ...(authority ? { authority } : {}) };
}

function createUpstream({ model }: BrokerOptions): Upstream {
  const dialect = DIALECTS[model.dialect];
  const authorisation = model.realKey === undefined ? undefined : dialect.authorise(model.realKey);
  return new Upstream({ url: readModelAddress(model.upstream), authorisation, ca: model.ca });
}

function createRoute(
  { model, actionsOf, modelIdleMilliseconds, modelHeldBytes }: BrokerOptions,
  context: BrokerContext,
  upstream: Upstream,
): ModelRoute {
  return new ModelRoute({
    context,
    dialect: DIALECTS[model.dialect],
    upstream,
    placeholder: model.placeholder,
    actionsOf,
    held: new HeldBytes(modelHeldBytes ?? MAX_HELD_BYTES),
    idleMilliseconds: modelIdleMilliseconds ?? MODEL_IDLE_MILLISECONDS,
  });
}

/**
 * Node's strict parser: both lengths, two lengths, or a bare line feed end the connection. It never listens itself: the
 * door holds its connections, bounds their time and ends them.
 */
function createHttpServer(): Server {
  return createServer({
    maxHeaderSize: HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    insecureHTTPParser: false,
    // An offer that a server may ignore (RFC 9113 §3.1), which curl and Java make by themselves: it stays HTTP/1.1.
    shouldUpgradeCallback: ({ headers }) => !/^h2c$/i.test(headers.upgrade ?? ''),
  });
}

/** The form of the target says where a request goes: `/…` to the model, `http://…` and CONNECT to the egress gate. */
function connectRoutes(http: Server, { door, egress, route, bursts, inFlight }: BrokerParts): void {
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // A request whose body nobody reads ends after its answer: that one is served already.
    request.once('end', () => response.closed || door.serve(request.socket));
    response.once('close', () => door.rest(request.socket));
    const isAbsolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(request.url ?? '');
    track(inFlight, isAbsolute ? egress.handleForward(request, response) : route.handle(request, response));
  });
  http.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (socket instanceof Socket) door.serve(socket);
    track(inFlight, egress.handleConnect(request, socket, head));
  });
  http.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    bursts.add('upgrade');
    refuseAndClose(socket, '403 Forbidden');
  });
  http.on('clientError', (error: Error, socket: Duplex) => {
    // Node's parser names its errors so; the others are connections that broke.
    if ('code' in error && String(error.code).startsWith('HPE_')) bursts.add('malformed-http');
    refuseAndClose(socket, '400 Bad Request');
  });
}

function refuseAndClose(socket: Duplex, status: string): void {
  if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroy();
}

/** A failed record of a drop changes nothing for anybody: the connection is gone, and the log's own loss is seen elsewhere. */
function track(inFlight: Set<Promise<void>>, work: Promise<void>): void {
  const settled = work.catch(() => undefined).finally(() => inFlight.delete(settled));
  inFlight.add(settled);
}

/** Why a connection ended before a request was served on it, as it stands in the record. */
const DROPS = {
  'no-preface': 'the connection did not present the nonce of the run',
  'connection-limit': 'too many connections at a time; the one that was idle longest made room',
  'request-timeout': 'no request came whole in time',
  'malformed-http': 'the request could be read in two ways',
  upgrade: 'a change of protocol was asked for',
} as const;

type Drop = keyof typeof DROPS;

function recordDropped(context: BrokerContext, drop: Drop, connections: number): Promise<void> {
  if (drop === 'connection-limit')
    return context.record({ kind: 'limit', subject: { limit: 'connections', dropped: connections } });
  return context.record({
    kind: 'network.request',
    subject: { target: 'broker', connections },
    decision: { verdict: 'deny', rule: drop, reason: DROPS[drop], policy: context.policy.digest },
  });
}
