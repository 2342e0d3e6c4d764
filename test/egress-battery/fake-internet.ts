import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { createRunAuthority, type RunAuthority } from '../../src/broker/index.ts';
import { systemClock, systemRandom } from '../../src/system/index.ts';

/** All of the Internet that the battery can try to reach, on loopback addresses of the host. */
export interface FakeInternet extends AsyncDisposable {
  /** Certificate of the authority that signed for every name, PEM. */
  readonly authority: string;
  /** Everything that arrived where something may arrive: `host path`. */
  readonly served: readonly string[];
  /** Everything that arrived where nothing may. */
  readonly trapped: readonly string[];
  /** Names, addresses and ports, as the battery reads them. */
  readonly parameters: BatteryParameters;
}

type BatteryParameters = { readonly [name: string]: string | number } & {
  readonly address: string;
  readonly tls_port: number;
  readonly plain_port: number;
  readonly metadata_port: number;
};

const ADDRESS = '127.0.0.31';
const NAMES = {
  allowed: 'allowed.egress.test',
  tunnel: 'tunnel.egress.test',
  subdomain: 'deep.sub.egress.test',
  denied: 'denied.egress.test',
  doh: 'doh.egress.test',
};
const PLAIN = 'plain.egress.test';

/**
 * The allowed hosts share one address and port with the denied ones, as on a content network. The traps are listeners
 * of their own: TCP, UDP (a resolver, QUIC), a metadata service, a unix socket by path and one by abstract name.
 */
export async function startFakeInternet(directory: string): Promise<FakeInternet> {
  const arrivals: Arrivals = { served: [], trapped: [] };
  const authority = await createRunAuthority(systemRandom, systemClock);
  const web = await openWeb(authority, arrivals);
  const traps = await openTraps(directory, arrivals);
  const ports = { ...web.ports, ...traps.ports };
  const authorities = Object.entries(NAMES).flatMap(([key, name]): [string, string][] => [
    [key, `${name}:${ports.tls_port}`],
    [`${key}_name`, name],
  ]);
  return {
    authority: authority.pem,
    ...arrivals,
    parameters: {
      ...Object.fromEntries(authorities),
      ...ports,
      ...{ plain: `${PLAIN}:${ports.plain_port}`, address: ADDRESS },
      ...{ unix_path: traps.path, unix_abstract: traps.abstract },
    },
    async [Symbol.asyncDispose]() {
      web.close();
      traps.close();
    },
  };
}

interface Arrivals {
  readonly served: string[];
  readonly trapped: string[];
}

/** One TLS server for every name, and one for plain HTTP. Allowed is what the policy will name. */
async function openWeb(authority: RunAuthority, { served, trapped }: Arrivals) {
  const contexts = new Map<string, SecureContext>();
  for (const name of Object.values(NAMES)) contexts.set(name, createSecureContext(await authority.leafFor(name)));
  const allowed: readonly string[] = [NAMES.allowed, NAMES.tunnel, NAMES.subdomain, PLAIN];
  const answer: RequestListener = ({ headers: { host = '' }, url = '' }, response) => {
    const isAllowed = allowed.includes(host.replace(/:\d+$/, '')) && !url.startsWith('/direct');
    (isAllowed ? served : trapped).push(`${host} ${url}`);
    response.end('reached');
  };
  const unnamed = await authority.leafFor(NAMES.denied);
  const secure = createHttpsServer({ ...unnamed, SNICallback: (name, done) => done(null, contexts.get(name)) }, answer);
  const plain = createHttpServer(answer);
  for (const server of [secure, plain])
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switched\r\n\r\n'));
  return {
    ports: { tls_port: await listen(secure), plain_port: await listen(plain) },
    close() {
      for (const server of [secure, plain]) server.close().closeAllConnections();
    },
  };
}

/** Listeners that nobody may reach; each answers, so that who reaches it knows. */
async function openTraps(directory: string, { trapped }: Arrivals) {
  const trap = (what: string) =>
    createTcpServer((socket) => {
      trapped.push(what);
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nreached'));
    });
  const [tcp, metadata, byPath, byName] = [trap('tcp'), trap('metadata'), trap('unix path'), trap('unix abstract')];
  const datagrams = createSocket('udp4', (_message, { port, address }) => {
    trapped.push('udp');
    datagrams.send('reached', port, address);
  });
  await new Promise<void>((done) => datagrams.bind(0, ADDRESS, done));
  const path = join(directory, 'host.sock');
  const abstract = `sallyport-battery-${randomBytes(6).toString('hex')}`;
  await new Promise<void>((done) => byPath.listen(path, done));
  await new Promise<void>((done) => byName.listen(`\0${abstract}`, done));
  return {
    ...{ path, abstract },
    ports: {
      trap_port: await listen(tcp),
      metadata_port: await listen(metadata),
      udp_port: datagrams.address().port,
    },
    close() {
      datagrams.close();
      for (const server of [tcp, metadata, byPath, byName]) server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, ADDRESS, done));
  // An object for every TCP server that listens.
  return (server.address() as AddressInfo).port;
}
