import { SallyportError } from '../errors/index.ts';
import type { LedgerEvent, Recorder } from '../ledger/index.ts';

/** The ledger as the run sees it: every record on its way there also moves the sums and the progress line. */
export class ObservedLedger implements Recorder {
  readonly #ledger: Recorder;
  readonly #observers: readonly ((event: LedgerEvent) => void)[];
  readonly #lost = Promise.withResolvers<void>();

  constructor(ledger: Recorder, ...observers: readonly ((event: LedgerEvent) => void)[]) {
    this.#ledger = ledger;
    this.#observers = observers;
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
      return await this.#ledger.record(event, options);
    } catch (error) {
      if (error instanceof SallyportError && error.code === 'SP1502') this.#lost.resolve();
      throw error;
    }
  }
}
