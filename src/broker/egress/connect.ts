import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Decision, NetworkGrant } from '../../policy/index.ts';
import { type Authority, formatAuthority, parseAuthority } from './authority.ts';
import type { ClientHello } from './client-hello.ts';
import { dial } from './dial.ts';
import type { Gate } from './gate.ts';
import { findGrants, needsInspection } from './grant.ts';
import { readClientHello } from './hello-reader.ts';
import type { Inspection } from './inspection.ts';
import { Refusal, refuseOnFault, writeRefusal, writeTlsAlert } from './refusal.ts';
import { pinAddresses } from './resolution.ts';
import type { Subject } from './traffic-log.ts';
import { passThrough } from './tunnel.ts';

/** The airlock sets it on connections it captured, where the client spoke plain HTTP and never meant a proxy. */
const CAPTURED_HEADER = 'x-sallyport-captured';

interface Destination {
  readonly target: Authority;
  readonly grants: readonly [NetworkGrant, ...NetworkGrant[]];
  readonly decision: Decision;
  readonly plain: boolean;
}

/** Judge a CONNECT and serve the connection to its end. */
export async function connect(
  gate: Gate,
  inspection: Inspection,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const spelled = request.url ?? '';
  const destination = judgeTarget(gate, spelled, request.headers[CAPTURED_HEADER] === 'http');
  if (destination instanceof Refusal) {
    gate.log.refuse({ target: parseAuthority(spelled), passage: 'tunnel', method: 'CONNECT', spelled }, destination);
    writeRefusal(socket, destination);
    return;
  }
  if (destination.plain) {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.unshift(head);
    inspection.accept(socket, { target: destination.target, grants: destination.grants, secure: false });
    return;
  }
  try {
    await connectTls(gate, inspection, destination, socket, head);
  } catch (error) {
    gate.log.refuse({ target: destination.target, passage: 'tunnel', method: 'CONNECT' }, refuseOnFault(error));
    socket.destroy();
  }
}

function judgeTarget(gate: Gate, spelled: string, captured: boolean): Destination | Refusal {
  const target = parseAuthority(spelled);
  if (!target) return new Refusal('bad-authority', 'CONNECT needs a plain host:port');
  if (!target.isAddress && gate.context.sentinel.find(Buffer.from(target.host)).length > 0) {
    return new Refusal('secret-in-request', 'the host name carries a secret of this run');
  }
  const decision = gate.context.decide({
    plane: 'network',
    host: target.host,
    port: target.port,
    protocol: captured ? 'http' : 'https',
  });
  if (decision.verdict !== 'allow') return new Refusal('host-not-allowed', decision.reason, decision.rule);
  const [grant, ...others] = findGrants(gate.context.policy.network, target, captured ? 'http' : 'https');
  if (grant) return { target, grants: [grant, ...others], decision, plain: captured };
  return new Refusal('host-not-allowed', `no rule allows ${formatAuthority(target)}`);
}

async function connectTls(
  gate: Gate,
  inspection: Inspection,
  destination: Destination,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { target, grants, decision } = destination;
  const inspects = needsInspection(grants, target, gate.credentials);
  const subject: Subject = { target, passage: inspects ? 'inspected' : 'tunnel', method: 'CONNECT' };
  const refuse = (refusal: Refusal, answer: (socket: Duplex, refusal: Refusal) => void) => {
    gate.log.refuse(subject, refusal);
    answer(socket, refusal);
  };
  if (inspects && !gate.authority) {
    refuse(new Refusal('inspection-unavailable', 'this rule needs TLS inspection, which was not set up'), writeRefusal);
    return;
  }
  const addresses = await pinAddresses(target, grants, gate.guard, gate.resolve, gate.limits.resolveMs);
  if (addresses instanceof Refusal) {
    refuse(addresses, writeRefusal);
    return;
  }
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  const { hello, bytes } = await readClientHello(socket, head, gate.limits.helloMs);
  const flaw = judgeHello(hello, target);
  if (flaw) {
    refuse(flaw, flaw.code === 'not-tls' ? writeRefusal : writeTlsAlert);
    return;
  }
  if (gate.authority && inspects) {
    const leaf = await gate.authority.leafFor(target.host);
    inspection.acceptTls(socket, bytes, leaf, { target, grants, secure: true });
    return;
  }
  const seen = typeof hello === 'string' ? {} : { sni: hello.sni ?? null, alpn: hello.alpn };
  const unrecorded = await gate.log.allow(subject, decision, { addresses, ...seen });
  if (unrecorded) refuse(unrecorded, writeTlsAlert);
  else await tunnel(gate, destination, subject, addresses, socket, bytes);
}

/** CONNECT host = SNI, in clear. An address may come without SNI; with one, it must be the same. */
function judgeHello(hello: ClientHello | 'not-tls' | 'closed' | 'late', target: Authority): Refusal | undefined {
  if (hello === 'late') return new Refusal('hello-timeout', 'no TLS ClientHello came in time');
  if (hello === 'closed') return new Refusal('not-tls', 'the client left before its TLS ClientHello was whole');
  if (hello === 'not-tls') return new Refusal('not-tls', 'only TLS passes through CONNECT');
  if (hello.ech) return new Refusal('ech-refused', 'Encrypted ClientHello hides the server name; switch it off');
  if (hello.sni === undefined) {
    return target.isAddress ? undefined : new Refusal('sni-missing', 'the ClientHello names no server');
  }
  if (hello.sni.toLowerCase() === target.host) return undefined;
  return new Refusal('sni-mismatch', `the ClientHello names another server than ${target.host}`);
}

async function tunnel(
  gate: Gate,
  { target, grants: [grant] }: Destination,
  subject: Subject,
  addresses: readonly string[],
  socket: Duplex,
  hello: Buffer,
): Promise<void> {
  const upstream = await dial(addresses, target, gate.limits.dialMs);
  if (upstream instanceof Refusal) {
    gate.log.refuse(subject, upstream);
    writeTlsAlert(socket);
    return;
  }
  const counts = { bytesOut: 0, bytesIn: 0 };
  const meter = {
    out(bytes: number) {
      counts.bytesOut += bytes;
      return gate.budget.sendOut(grant, bytes);
    },
    in(bytes: number) {
      counts.bytesIn += bytes;
      return gate.budget.takeIn(bytes);
    },
  };
  socket.unshift(hello);
  const ended = await passThrough(socket, upstream, meter, gate.limits.idleMs);
  gate.context.flows.add(formatAuthority(target), { requests: 1, ...counts });
  gate.log.close(subject, { ...counts, ended });
}
