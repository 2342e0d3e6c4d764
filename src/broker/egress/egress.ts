import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { BrokerContext } from '../context.ts';
import { AddressGuard } from './address.ts';
import { parseAuthority } from './authority.ts';
import { EGRESS_LIMITS, EgressBudget, type EgressLimits } from './budget.ts';
import { connect } from './connect.ts';
import type { Credential } from './credential.ts';
import { exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import { findGrants } from './grant.ts';
import { Inspection } from './inspection.ts';
import { answerRefusal, Refusal, writeRefusal } from './refusal.ts';
import { isOriginForm } from './request-head.ts';
import type { Resolve } from './resolution.ts';
import type { RunAuthority } from './run-authority.ts';
import { TrafficLog } from './traffic-log.ts';

export interface EgressOptions {
  readonly context: BrokerContext;
  readonly credentials: readonly Credential[];
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
  /** Needed when a grant inspects TLS, names methods or paths, or has a credential bound to it. */
  readonly authority?: RunAuthority | undefined;
  readonly limits?: Partial<EgressLimits>;
  /** PEM of each authority that a grant names, by its `caFile`. Read here when absent. */
  readonly roots?: Readonly<Record<string, string>> | undefined;
}

/** The way out for everything that is not the model API. */
export interface EgressGate {
  /** Serve a CONNECT request; resolves when the gate has handed the connection on or is done with it. */
  handleConnect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Serve a request in absolute form (`GET http://host/path`). */
  handleForward(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Cut every connection and write what is left to record. */
  close(): Promise<void>;
  /** Certificate for the sandbox's trust bundle, when TLS is inspected. */
  readonly authorityPem?: string;
}

/** Create the egress gate of one run. */
export function createEgress(options: EgressOptions): EgressGate {
  const gate = createGate(options);
  const inspection = new Inspection(gate);
  const open = new Set<Duplex>();

  async function handleConnect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const release = gate.budget.openConnection();
    if (release instanceof Refusal) {
      gate.log.refuse({ target: parseAuthority(request.url ?? ''), passage: 'tunnel', method: 'CONNECT' }, release);
      writeRefusal(socket, release);
      return;
    }
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      release();
    });
    await connect(gate, inspection, request, socket, head);
  }

  async function handleForward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const release = gate.budget.openConnection();
    if (release instanceof Refusal) {
      answerRefusal(response, release);
      return;
    }
    open.add(request.socket);
    try {
      await forward(gate, request, response);
    } finally {
      release();
      open.delete(request.socket);
    }
  }

  return {
    handleConnect,
    handleForward,
    async close() {
      for (const socket of open) socket.destroy();
      await gate.log.finish();
    },
    ...(options.authority ? { authorityPem: options.authority.pem } : {}),
  };
}

async function forward(gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const spelled = request.url ?? '';
  const [, authority = '', path = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(spelled) ?? [];
  const target = parseAuthority(authority, 80);
  const origin = path.startsWith('/') ? path : `/${path}`;
  const refuse = (refusal: Refusal) => {
    gate.log.refuse({ target, passage: 'plain', method: request.method, spelled }, refusal);
    answerRefusal(response, refusal);
  };
  if (!target || !isOriginForm(origin)) {
    refuse(new Refusal('bad-target', 'the request target must be http://host[:port]/path'));
    return;
  }
  const grants = findGrants(gate.context.policy.network, target, 'http');
  if (grants.length === 0) {
    const { host, port } = target;
    const { reason, rule } = gate.context.decide({ plane: 'network', host, port, protocol: 'http' });
    refuse(new Refusal('host-not-allowed', reason, rule));
    return;
  }
  await exchange(gate, { request, response, target, grants, secure: false, path: origin, passage: 'plain' });
}

function createGate({ context, credentials, resolve, authority, limits, roots }: EgressOptions): Gate {
  const bounds = { ...EGRESS_LIMITS, ...limits };
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const files = new Set(context.policy.network.flatMap(({ caFile }) => (caFile === undefined ? [] : [caFile])));
  return {
    context,
    credentials,
    authority,
    limits: bounds,
    budget: new EgressBudget(bounds),
    guard: new AddressGuard(own.map(({ address }) => address)),
    log: new TrafficLog(context),
    resolve: resolve ?? ((host) => lookup(host, { all: true })),
    roots: new Map([...files].map((file) => [file, roots?.[file] ?? readFileSync(file, 'utf8')])),
  };
}
