import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { BrokerContext, FlowDelta } from '../../../src/broker/context.ts';
import {
  type Credential,
  createEgress,
  createRunAuthority,
  type EgressGate,
  type EgressLimits,
  type Resolve,
  type RunAuthority,
} from '../../../src/broker/egress/index.ts';
import type { LedgerEvent } from '../../../src/ledger/index.ts';
import type { Decision, NetworkAction, NetworkGrant, Policy } from '../../../src/policy/index.ts';
import { createSentinel, type KnownSecret } from '../../../src/text/index.ts';

export const clock = { now: () => Date.now(), monotonic: () => process.hrtime.bigint() };
export const random = (length: number) => randomBytes(length);

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  readonly gate: EgressGate;
  readonly authority: RunAuthority;
  readonly events: readonly LedgerEvent[];
  readonly flows: ReadonlyMap<string, FlowDelta>;
  readonly asked: readonly string[];
}

export interface ProxyOptions {
  readonly grants: readonly NetworkGrant[];
  readonly secrets?: readonly KnownSecret[];
  readonly credentials?: readonly Credential[];
  readonly resolve?: Resolve;
  readonly limits?: Partial<EgressLimits>;
  readonly inspects?: boolean;
  readonly brokenLog?: boolean;
  readonly denies?: (action: NetworkAction) => boolean;
}

/** The gate alone, and what it asked the policy. */
export function createGateForTest(options: ProxyOptions): { gate: EgressGate; actions: readonly NetworkAction[] } {
  const actions: NetworkAction[] = [];
  const denies = (action: NetworkAction) => {
    actions.push(action);
    return options.denies?.(action) ?? false;
  };
  return {
    gate: createEgress({ context: createContext({ ...options, denies }, [], new Map()), credentials: [] }),
    actions,
  };
}

/** A proxy as the broker runs it, on loopback: its listener does nothing but hand over to the egress gate. */
export async function startProxy(options: ProxyOptions): Promise<TestProxy> {
  const events: LedgerEvent[] = [];
  const flows = new Map<string, FlowDelta>();
  const asked: string[] = [];
  const authority = await createRunAuthority(random, clock);
  const gate = createEgress({
    context: createContext(options, events, flows),
    credentials: options.credentials ?? [],
    ...(options.inspects === false ? {} : { authority }),
    ...(options.limits ? { limits: options.limits } : {}),
    async resolve(host) {
      asked.push(host);
      if (!options.resolve) throw new Error(`nobody should resolve ${host}`);
      return options.resolve(host);
    },
  });
  const server = createServer((request, response) => {
    if (/^[a-z]+:/i.test(request.url ?? '')) void gate.handleForward(request, response);
    else response.writeHead(404).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    void gate.handleConnect(request, socket, head);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await listen(server);
  return {
    port,
    gate,
    authority,
    events,
    flows,
    asked,
    async [Symbol.asyncDispose]() {
      await gate.close();
      await stop(server);
    },
  };
}

function createContext(options: ProxyOptions, events: LedgerEvent[], flows: Map<string, FlowDelta>): BrokerContext {
  const decide = (action: Parameters<BrokerContext['decide']>[0]): Decision => {
    if (action.plane !== 'network') return { verdict: 'deny', rule: 'default', reason: 'not a connection' };
    const denied = options.denies?.(action) ?? !options.grants.some((grant) => covers(grant, action));
    if (denied) return { verdict: 'deny', rule: 'default', reason: `no rule allows ${action.host}:${action.port}` };
    return { verdict: 'allow', rule: 'test', reason: 'allowed by the test' };
  };
  // Only what the gate reads of a policy; the gate must not need more.
  const policy: Pick<Policy, 'network' | 'digest'> = { network: options.grants, digest: '00' };
  return {
    // Sound: the gate's own contract with the policy is these two fields, asserted by the Pick above.
    policy: policy as Policy,
    decide,
    async record(event) {
      if (options.brokenLog) throw new Error('disk full');
      events.push(event);
    },
    sentinel: createSentinel(options.secrets ?? []),
    flows: {
      add(destination, delta) {
        const sum: Record<string, number> = { ...flows.get(destination) };
        for (const [key, value] of Object.entries(delta)) sum[key] = (sum[key] ?? 0) + value;
        flows.set(destination, sum);
      },
      disclosed: () => undefined,
    },
    clock,
    random,
  };
}

function covers({ host, port }: NetworkGrant, action: NetworkAction): boolean {
  const matches = host === action.host || (host.startsWith('*.') && action.host.endsWith(host.slice(1)));
  return matches && port === action.port;
}

export interface Upstream extends AsyncDisposable {
  readonly port: number;
  readonly caFile: string;
  readonly connections: () => number;
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
}

const echo: RequestListener = (_request, response) => response.end('hello from upstream');

/** An HTTP or HTTPS server on loopback that remembers what it was asked. */
export async function startUpstream(
  options: { readonly name?: string; readonly tls?: boolean; readonly answer?: RequestListener } = {},
): Promise<Upstream> {
  const requests: Upstream['requests'][number][] = [];
  const handle: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('latin1');
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      (options.answer ?? echo)(request, response);
    });
  };
  const directory = mkdtempSync(join(tmpdir(), 'egress-test-'));
  const authority = await createRunAuthority(random, clock);
  const caFile = join(directory, 'ca.pem');
  writeFileSync(caFile, authority.pem);
  const leaf = await authority.leafFor(options.name ?? 'allowed.test');
  const server: Server | TlsServer = options.tls
    ? createTlsServer({ key: leaf.key, cert: leaf.cert }, handle)
    : createServer(handle);
  let connections = 0;
  server.on('connection', () => connections++);
  const port = await listen(server);
  return {
    port,
    caFile,
    connections: () => connections,
    requests,
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true });
      await stop(server);
    },
  };
}

/** A TCP server on loopback, for upstreams that speak anything. */
export async function startRawUpstream(onConnection: (socket: Socket) => void) {
  let connections = 0;
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    connections++;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // Sound: a TCP server that listens on a port has an AddressInfo.
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function grantFor(port: number, changes: Partial<NetworkGrant> = {}): NetworkGrant {
  return {
    id: 'test-rule',
    host: 'allowed.test',
    port,
    protocol: 'https',
    tls: 'tunnel',
    address: '127.0.0.1',
    ...changes,
  };
}

/** Everything the proxy answers to these bytes until it closes, at most `ms`. */
export async function sendRaw(port: number, bytes: string | Buffer, ms = 3000): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(bytes);
  return readAll(socket, ms);
}

export function readAll(socket: Socket, ms = 3000): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(finish, ms);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}

/** A connection after CONNECT was answered; `status` is the status line. */
export function openTunnel(
  proxyPort: number,
  authority: string,
  headers = '',
): Promise<{ status: string; socket: Socket; answer: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: proxyPort, host: '127.0.0.1' });
    let answer = '';
    socket.on('error', reject);
    const settle = () => {
      socket.off('data', take).off('close', settle);
      resolve({ status: answer.split('\r\n', 1)[0] ?? '', socket, answer });
    };
    const take = (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.startsWith('HTTP/1.1 200') && answer.includes('\r\n\r\n')) settle();
    };
    socket.on('data', take).on('close', settle);
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${headers}\r\n`);
  });
}

/** TLS over an open tunnel; rejects when the handshake fails. */
export function wrapTls(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = tlsConnect({ socket, ...options });
    const timer = setTimeout(() => secure.destroy(), 3000);
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(secure);
    });
    secure.on('error', reject);
    secure.on('close', () => reject(new Error('closed during the handshake')));
  });
}

/** CONNECT, TLS, one raw request; the answer. */
export async function askThrough(
  proxy: TestProxy,
  port: number,
  request: string,
  ca: string,
  ms = 3000,
): Promise<string> {
  const { socket, answer } = await openTunnel(proxy.port, `allowed.test:${port}`);
  if (!answer.startsWith('HTTP/1.1 200')) return answer;
  const secure = await wrapTls(socket, { servername: 'allowed.test', ca, ALPNProtocols: ['http/1.1'] });
  secure.write(request, 'latin1');
  return readAll(secure, ms);
}

/** Wait, at most two seconds, until something asynchronous has happened. */
export async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 2000 && !holds(); waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function refusalsIn(proxy: TestProxy): readonly string[] {
  return proxy.events.flatMap(({ observed }) =>
    typeof observed?.['refused'] === 'string' ? [observed['refused']] : [],
  );
}

function listen(server: Server | TlsServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // Sound: a server that listens on a port has an AddressInfo.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
