import { SallyportError } from '../errors/index.ts';
import type { Ledger, LedgerEvent, Recorder } from '../ledger/index.ts';

/**
 * The ledger as the run sees it: every record on its way there also moves the sums and the progress line. It may still
 * be opening, which takes the disk's time: the first record waits for it, and nothing before that does.
 */
export class ObservedLedger implements Recorder, AsyncDisposable {
  readonly #opening: Promise<Ledger>;
  readonly #observers: readonly ((event: LedgerEvent) => void)[];
  readonly #lost = Promise.withResolvers<void>();

  constructor(opening: Promise<Ledger>, ...observers: readonly ((event: LedgerEvent) => void)[]) {
    this.#opening = opening;
    // Told to whoever records or closes first; until then a failure is only kept.
    opening.catch(() => undefined);
    this.#observers = observers;
  }

  /** @throws SallyportError SP1502 when it could not be opened. */
  get opened(): Promise<Ledger> {
    return this.#opening;
  }

  /** Resolves when the ledger could not be written, whoever's record it was: then the run must end. */
  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  async record(
    event: LedgerEvent,
    options: { readonly durable?: boolean } = {},
  ): Promise<{ readonly sequence: number }> {
    for (const observe of this.#observers) observe(event);
    try {
      const ledger = await this.#opening;
      return await ledger.record(event, options);
    } catch (error) {
      if (error instanceof SallyportError && error.code === 'SP1502') this.#lost.resolve();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const [ledger] = await Promise.allSettled([this.#opening]);
    if (ledger.status === 'fulfilled') await ledger.value[Symbol.asyncDispose]();
  }
}
