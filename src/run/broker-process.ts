/**
 * The broker: the only process that holds real credentials, and the only way out of a run. It is started by the
 * supervisor, under an identity of its own when there is one, told everything over its private channel, and dies with it.
 */
import { ADAPTERS, anyCommand } from '../agents/index.ts';
import { Broker, createRunAuthority } from '../broker/index.ts';
import type { LedgerEvent, Recorder } from '../ledger/index.ts';
import { systemClock, systemRandom } from '../system/index.ts';
import type { BrokerStart, FromBroker, ToBroker } from './broker-messages.ts';
import { compileSource } from './policy-compilation.ts';

/** A supervisor that is gone shows as `disconnect`, which ends this process; that it cannot be written to says no more. */
function send(message: FromBroker): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

/** Records go to the supervisor's ledger; what is not acknowledged there is not acknowledged here. */
class RemoteRecorder implements Recorder {
  readonly #waiting = new Map<number, PromiseWithResolvers<{ readonly sequence: number }>>();
  #next = 0;

  record(event: LedgerEvent, options: { readonly durable?: boolean } = {}): Promise<{ readonly sequence: number }> {
    const id = this.#next++;
    const waiter = Promise.withResolvers<{ readonly sequence: number }>();
    this.#waiting.set(id, waiter);
    send({ type: 'record', id, event, durable: options.durable === true });
    return waiter.promise;
  }

  settle(id: number, outcome: { readonly sequence: number } | Error): void {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (outcome instanceof Error) waiter?.reject(outcome);
    else waiter?.resolve(outcome);
  }
}

async function startBroker(start: BrokerStart, recorder: Recorder): Promise<Broker> {
  const policy = await compileSource(start.policy);
  const adapter = ADAPTERS.find(({ id }) => id === start.agent) ?? anyCommand;
  const inspects = policy.network.some((grant) => grant.tls === 'inspect');
  const authority = inspects ? await createRunAuthority(systemRandom, systemClock) : undefined;
  const { caPem, ...model } = start.model;
  const broker = await Broker.start({
    socketPath: start.socketPath,
    nonce: start.nonce,
    policy,
    credentials: start.credentials,
    secrets: start.secrets,
    model: { ...model, ca: caPem },
    roots: start.roots,
    recorder,
    actionsOf: (call) => adapter.actions(call, start.workspace),
    clock: systemClock,
    random: systemRandom,
    ...(authority ? { authority } : {}),
  });
  send({ type: 'listening', authorityPem: authority?.pem });
  return broker;
}

function serve(): void {
  const recorder = new RemoteRecorder();
  let broker: Broker | undefined;
  process.on('message', async (message: ToBroker) => {
    try {
      if (message.type === 'recorded') recorder.settle(message.id, { sequence: message.sequence });
      if (message.type === 'not-recorded') recorder.settle(message.id, new Error(message.reason));
      if (message.type === 'start') broker = await startBroker(message.start, recorder);
      if (message.type === 'finish') await finish(broker);
    } catch (error) {
      send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  });
  // Without the supervisor there is nobody to record for: nothing may pass any more.
  process.on('disconnect', () => process.exit(0));
}

async function finish(broker: Broker | undefined): Promise<void> {
  await broker?.close();
  send({ type: 'finished', flows: broker?.dataFlow().destinations ?? [] });
}

serve();
