import { type ChildProcess, spawn } from 'node:child_process';
import type { DestinationFlow } from '../broker/index.ts';
import { SallyportError } from '../errors/index.ts';
import type { LedgerEvent, Recorder } from '../ledger/index.ts';
import type { BrokerStart, FromBroker, ToBroker } from './broker-messages.ts';
import type { Identity } from './identity.ts';

/** How long the broker may take to close its connections before it is killed. It takes two seconds at the most. */
const FINISH_MILLISECONDS = 10_000;

/** How long it may take to bind its socket once it was told to. It takes some ten; a loaded machine needs a second. */
const LISTEN_MILLISECONDS = 30_000;

/**
 * The supervisor's end of the channel to the broker process. Records come in and are acknowledged once the ledger has
 * them; the loss of the process is a promise that the run waits on beside the agent.
 */
export class BrokerLink implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #recorder = Promise.withResolvers<Recorder>();
  readonly #listening = Promise.withResolvers<string | undefined>();
  readonly #finished = Promise.withResolvers<readonly DestinationFlow[] | undefined>();
  readonly #lost = Promise.withResolvers<string>();
  #closing = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    // Waited for later or not at all: a rejection must not end the supervisor.
    this.#listening.promise.catch(() => undefined);
    child.on('message', (message: FromBroker) => this.#receive(message));
    child.on('exit', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    child.on('error', (error) => this.#ended(error.message));
  }

  /** Starts the process early: it boots while the scene is set, and is told nothing until `start`. */
  static spawn(entry: string, identity: Identity | undefined): BrokerLink {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      // A group of its own: a signal typed at the terminal reaches the supervisor, which ends things in order.
      detached: true,
      ...(identity ?? {}),
    });
    return new BrokerLink(child);
  }

  /** Resolves when the socket is bound, with the PEM of the run's authority when TLS is inspected. */
  start(start: BrokerStart, recorder: Recorder): Promise<string | undefined> {
    this.#recorder.resolve(recorder);
    this.#send({ type: 'start', start });
    const late = new SallyportError('SP1702', `the broker was not ready after ${LISTEN_MILLISECONDS / 1000} s`);
    const timer = setTimeout(() => this.#listening.reject(late), LISTEN_MILLISECONDS);
    const stop = (): void => clearTimeout(timer);
    this.#listening.promise.then(stop, stop);
    return this.#listening.promise;
  }

  /** Resolves, never rejects, when the process ended before it was asked to. */
  get lost(): Promise<string> {
    return this.#lost.promise;
  }

  /**
   * Closes every connection, waits for the last records, and resolves with what left; with undefined when the broker
   * ended, failed or took too long before it told.
   */
  async finish(): Promise<readonly DestinationFlow[] | undefined> {
    this.#closing = true;
    this.#send({ type: 'finish' });
    const timer = setTimeout(() => this.#finished.resolve(undefined), FINISH_MILLISECONDS);
    try {
      return await this.#finished.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #send(message: ToBroker): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #receive(message: FromBroker): void {
    switch (message.type) {
      case 'listening':
        this.#listening.resolve(message.authorityPem);
        break;
      case 'record':
        void this.#record(message.id, message.event, message.durable);
        break;
      case 'finished':
        this.#finished.resolve(message.flows);
        break;
      case 'failed':
        this.#listening.reject(new SallyportError('SP1702', `the broker could not start: ${message.message}`));
        this.#finished.resolve(undefined);
        break;
    }
  }

  async #record(id: number, event: LedgerEvent, durable: boolean): Promise<void> {
    try {
      const recorder = await this.#recorder.promise;
      const { sequence } = await recorder.record(event, { durable });
      this.#send({ type: 'recorded', id, sequence });
    } catch (error) {
      this.#send({ type: 'not-recorded', id, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #ended(how: string): void {
    this.#listening.reject(new SallyportError('SP1702', `the broker ended before it was ready (${how})`));
    this.#finished.resolve(undefined);
    if (!this.#closing) this.#lost.resolve(how);
  }
}
