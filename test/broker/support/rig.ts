import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker, type BrokerOptions } from '../../../src/broker/index.ts';
import type { LedgerEvent, Recorder } from '../../../src/ledger/index.ts';
import type { Action, Decision, ModelGrant, Policy } from '../../../src/policy/index.ts';

export const NONCE = 'a'.repeat(64);
export const REAL_KEY = 'sk-ant-api03-REALrealREALrealREALreal0123456789REALrealREAL-AA';
export const PLACEHOLDER = 'sk-ant-api03-FAKEfakeFAKEfakeFAKEfake0123456789FAKEfakeFAKE-AA';

/** A recorder that keeps its events, and can be told to fail. */
export class Tape implements Recorder {
  readonly events: LedgerEvent[] = [];
  broken = false;

  async record(event: LedgerEvent): Promise<{ readonly sequence: number }> {
    if (this.broken) throw new Error('disk full');
    this.events.push(event);
    return { sequence: this.events.length };
  }

  of(kind: LedgerEvent['kind']): readonly LedgerEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }
}

/** Decides for tests: a command that contains `forbidden` is denied, one with `approval` asked for. */
function decide(action: Action): Decision {
  const allow: Decision = { verdict: 'allow', rule: 'test.allow', reason: 'allowed by the test' };
  if (action.plane === 'tool') {
    const command = action.command ?? '';
    if (command.includes('forbidden')) return { verdict: 'deny', rule: 'test.deny', reason: 'that word is forbidden' };
    if (command.includes('approval')) return { verdict: 'ask', rule: 'test.ask', reason: 'a person decides on this' };
    return allow;
  }
  if (action.plane === 'model') {
    if (action.model.startsWith('other-'))
      return { verdict: 'deny', rule: 'model.allow', reason: `the model ${action.model} is not granted` };
    if (action.hostedTools.length > 0) return { verdict: 'deny', rule: 'model.hosted', reason: 'hosted tools are off' };
    if (action.urlInputs > 0) return { verdict: 'deny', rule: 'model.url', reason: 'inputs by URL are off' };
    return allow;
  }
  return { verdict: 'deny', rule: 'default', reason: 'nothing else is granted' };
}

const MODEL: ModelGrant = {
  provider: 'anthropic',
  upstream: undefined,
  keyEnv: 'ANTHROPIC_API_KEY',
  allow: ['*'],
  hostedTools: 'off',
  urlInputs: 'off',
  maxRequests: 10_000,
  maxTokens: 1e9,
  maxUsd: undefined,
};

export function testPolicy(model: Partial<ModelGrant> = {}): Policy {
  return {
    agent: undefined,
    origins: ['test'],
    digest: 'd'.repeat(64),
    limits: {
      processes: 1,
      memoryMiB: 1,
      diskMiB: 1,
      inodes: 1,
      openFiles: 1,
      outputMiB: 1,
      seconds: 1,
      patchFiles: 1,
      patchMiB: 1,
    },
    network: [],
    secrets: [],
    output: 'text',
    model: { ...MODEL, ...model },
    workspace: { hide: [], hidden: 'empty', readOnly: [] },
    forgeReviews: 'support',
    carryOver: 'never',
    signed: [],
    decide,
    advance: (state) => state,
  };
}

/** A tool call as the actions it stands for; a tool named `Broken` cannot be read. */
export function actionsOf({
  name,
  input,
}: {
  readonly name: string;
  readonly input: { readonly [key: string]: unknown };
}): readonly Action[] {
  if (name === 'Broken') throw new TypeError('cannot be read');
  if (name === 'Unknown') return [];
  const command = typeof input['command'] === 'string' ? input['command'] : '';
  return [{ plane: 'tool', tool: name, input: {}, command }];
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Rig extends AsyncDisposable {
  readonly broker: Broker;
  readonly tape: Tape;
  readonly socketPath: string;
  /** A connection that has shown the nonce. */
  dial(): Socket;
  /** One request with the run's credential. */
  post(
    body: unknown,
    options?: {
      readonly path?: string;
      readonly headers?: { readonly [name: string]: string };
      readonly method?: string;
    },
  ): Promise<Reply>;
}

export async function startRig(
  upstream: string,
  options: { readonly model?: Partial<ModelGrant>; readonly ca?: string } & Partial<Omit<BrokerOptions, 'model'>> = {},
): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'broker-'));
  const socketPath = join(directory, 'broker.sock');
  const tape = new Tape();
  const { model, ca, ...rest } = options;
  const broker = await Broker.start({
    socketPath,
    nonce: NONCE,
    policy: testPolicy(model),
    credentials: [],
    model: { dialect: 'anthropic-messages', upstream, realKey: REAL_KEY, placeholder: PLACEHOLDER, ca },
    recorder: tape,
    actionsOf,
    clock: { now: () => Date.now(), monotonic: () => process.hrtime.bigint() },
    random: randomBytes,
    ...rest,
  });
  const dial = (): Socket => {
    const socket = connect(socketPath);
    socket.on('error', () => undefined);
    socket.write(`SALLYPORT/1 ${NONCE}\n`);
    return socket;
  };
  const agent = new DialAgent(dial);
  return {
    broker,
    tape,
    socketPath,
    dial,
    post: (body, { path = '/v1/messages', headers = {}, method = 'POST' } = {}) =>
      send(agent, { method, path, headers }, body),
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      await broker.close();
      rmSync(directory, { recursive: true });
    },
  };
}

class DialAgent extends Agent {
  readonly #dial: () => Socket;

  constructor(dial: () => Socket) {
    super({ keepAlive: true });
    this.#dial = dial;
  }

  override createConnection(): Socket {
    return this.#dial();
  }
}

function send(
  agent: Agent,
  {
    method,
    path,
    headers,
  }: { readonly method: string; readonly path: string; readonly headers: { readonly [name: string]: string } },
  body: unknown,
): Promise<Reply> {
  const payload = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        agent,
        method,
        path,
        headers: {
          host: '127.0.0.1:8040',
          'x-api-key': PLACEHOLDER,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}
