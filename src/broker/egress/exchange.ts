import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Decision, NetworkGrant } from '../../policy/index.ts';
import type { HeaderPair } from '../http-headers.ts';
import { type Authority, formatAuthority } from './authority.ts';
import { exchangeCredentials } from './credential.ts';
import { dial, startTls } from './dial.ts';
import type { Gate } from './gate.ts';
import { findGrantForRequest } from './grant.ts';
import { answerRefusal, Refusal, refuseOnFault } from './refusal.ts';
import { type RequestBody, readBody } from './request-body.ts';
import { forwardedHeaders, judgeHead } from './request-head.ts';
import { pinAddresses } from './resolution.ts';
import { judgeResponse, relayResponse } from './response-relay.ts';
import type { Subject } from './traffic-log.ts';

/** One request that the gate can read, and where it wants to go. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Authority;
  readonly grants: readonly NetworkGrant[];
  readonly secure: boolean;
  /** Path and query. */
  readonly path: string;
  readonly passage: 'inspected' | 'plain';
}

interface Admitted {
  readonly grant: NetworkGrant;
  readonly decision: Decision;
}

const MAX_HEAD_BYTES = 32 * 1024;

/** Judge, forward and answer one request: the whole sequence of checks, in order. */
export async function exchange(gate: Gate, call: Call): Promise<void> {
  const refusal = await attempt(gate, call).catch(refuseOnFault);
  if (!refusal) return;
  gate.log.refuse(subjectOf(call), refusal);
  answerRefusal(call.response, refusal);
}

async function attempt(gate: Gate, call: Call): Promise<Refusal | undefined> {
  const flaw = judgeHead(call.request, call.target, call.secure ? 443 : 80);
  if (flaw) return flaw;
  const admitted = admit(gate, call);
  if (admitted instanceof Refusal) return admitted;
  const body = await readBody(call.request, gate.budget, gate.limits);
  if (body instanceof Refusal) return body;
  try {
    return await forward(gate, call, admitted, body);
  } finally {
    gate.budget.held.giveBack(body.bytes.length);
  }
}

function admit(gate: Gate, { request, target, grants, secure, path }: Call): Admitted | Refusal {
  const method = request.method ?? '';
  const [bare = ''] = path.split('?', 1);
  const decision = gate.context.decide({
    plane: 'network',
    host: target.host,
    port: target.port,
    protocol: secure ? 'https' : 'http',
    method,
    path: bare,
  });
  if (decision.verdict !== 'allow') return new Refusal('policy-denied', decision.reason, decision.rule);
  const grant = findGrantForRequest(grants, method, bare);
  if (grant) return { grant, decision };
  return new Refusal('method-or-path-not-allowed', `no rule allows this request to ${formatAuthority(target)}`);
}

async function forward(gate: Gate, call: Call, admitted: Admitted, body: RequestBody): Promise<Refusal | undefined> {
  const { target } = call;
  const { grant, decision } = admitted;
  const original = forwardedHeaders(call.request.rawHeaders);
  const leak = findSecret(gate, call, body);
  if (leak) return leak;
  const parts = { headers: original, path: call.path };
  const exchanged = exchangeCredentials(parts, formatAuthority(target), gate.credentials);
  if (exchanged.kind === 'foreign') {
    return new Refusal('foreign-credential', `${exchanged.where} does not hold the credential of this run`);
  }
  const size = call.path.length + body.bytes.length + original.reduce((sum, pair) => sum + pair.join(': ').length, 0);
  const overspent = gate.budget.sendOut(grant, size);
  if (overspent) return overspent;
  const addresses = await pinAddresses(target, [grant], gate.guard, gate.resolve, gate.limits.resolveMs);
  if (addresses instanceof Refusal) return addresses;
  const unrecorded =
    (await gate.log.allow(subjectOf(call), decision, { addresses, bytesOut: size })) ??
    (await gate.log.useCredentials(exchanged.used, target));
  if (unrecorded) return unrecorded;
  const upstream = await send(gate, call, grant, addresses, outgoingHeaders(call, exchanged.headers, body), body.bytes);
  if (upstream instanceof Refusal) return upstream;
  const destination = formatAuthority(target);
  gate.context.flows.add(destination, { requests: 1, bytesOut: size });
  gate.context.flows.disclosed(destination, body.plain.toString('utf8'));
  const unreadable = judgeResponse(upstream);
  if (unreadable) {
    upstream.destroy();
    return unreadable;
  }
  const { status, bytesIn, redactions, ended } = await relayResponse(gate, upstream, call.response);
  gate.context.flows.add(destination, { bytesIn, redactions });
  gate.log.close(subjectOf(call), { status, bytesIn, redactions, ended });
  return undefined;
}

/** A known secret anywhere in what would leave: target, any header (also those dropped later), body as sent or decoded. */
function findSecret(gate: Gate, { request, path }: Call, body: RequestBody): Refusal | undefined {
  const head = Buffer.from(`${request.method} ${path}\n${request.rawHeaders.join('\n')}`, 'latin1');
  const hit = [head, body.bytes, ...(body.plain === body.bytes ? [] : [body.plain])]
    .flatMap((bytes) => gate.context.sentinel.find(bytes))
    .at(0);
  return hit && new Refusal('secret-in-request', `the request carries ${hit.name} (${hit.encoding})`);
}

function outgoingHeaders({ request, target, secure }: Call, headers: readonly HeaderPair[], body: RequestBody) {
  const isDefaultPort = target.port === (secure ? 443 : 80);
  const host = formatAuthority(target);
  const hasBody = request.headers['content-length'] !== undefined || body.bytes.length > 0;
  return [
    ['Host', isDefaultPort ? host.slice(0, host.lastIndexOf(':')) : host],
    ...headers,
    ['Accept-Encoding', 'identity'],
    ...(hasBody ? [['Content-Length', String(body.bytes.length)]] : []),
    ['Connection', 'close'],
  ].flat();
}

async function send(
  gate: Gate,
  call: Call,
  grant: NetworkGrant,
  addresses: readonly string[],
  headers: readonly string[],
  body: Buffer,
): Promise<IncomingMessage | Refusal> {
  const plain = await dial(addresses, call.target, gate.limits.dialMs);
  if (plain instanceof Refusal) return plain;
  if (!call.secure) return ask(gate, call, plain, headers, body);
  const ca = grant.caFile === undefined ? undefined : gate.roots.get(grant.caFile);
  const secure = await startTls(plain, call.target, ca, gate.limits.dialMs);
  return secure instanceof Refusal ? secure : ask(gate, call, secure, headers, body);
}

function ask(
  gate: Gate,
  { request, response, path, target }: Call,
  socket: Socket,
  headers: readonly string[],
  body: Buffer,
): Promise<IncomingMessage | Refusal> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({
      createConnection: () => socket,
      method: request.method,
      path,
      headers,
      maxHeaderSize: MAX_HEAD_BYTES,
      insecureHTTPParser: false,
    });
    const fail = (code: 'upstream-timeout' | 'upstream-unreachable' | 'upstream-protocol-switch', why: string) => {
      outgoing.destroy();
      socket.destroy();
      resolve(new Refusal(code, `${formatAuthority(target)} ${why}`));
    };
    const timer = setTimeout(fail, gate.limits.responseMs, 'upstream-timeout', 'does not answer');
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', () => fail('upstream-unreachable', 'broke the connection off, or its answer is malformed'));
    outgoing.on('upgrade', () => fail('upstream-protocol-switch', 'tried to change the protocol'));
    outgoing.on('response', (upstream) => {
      clearTimeout(timer);
      resolve(upstream);
    });
    response.on('close', () => outgoing.destroy());
    outgoing.end(body);
  });
}

function subjectOf({ request, target, path, passage }: Call): Subject {
  return { target, passage, method: request.method, path };
}
