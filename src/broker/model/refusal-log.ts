import type { LedgerEvent } from '../../ledger/index.ts';
import type { BrokerContext, Destination } from '../context.ts';

/** Refusals recorded one by one; beyond that they are counted by rule, so that an agent cannot fill the disk with them. */
const SINGLE_RECORDS = 500;

/** Records what the model route refused, in full at first and as sums under a flood. */
export class RefusalLog {
  readonly #context: BrokerContext;
  readonly #destination: Destination;
  readonly #counted = new Map<string, number>();
  #recorded = 0;

  constructor(context: BrokerContext, destination: Destination) {
    this.#context = context;
    this.#destination = destination;
  }

  /** Rejects when the log cannot take it. */
  async record(event: LedgerEvent & { readonly decision: NonNullable<LedgerEvent['decision']> }): Promise<void> {
    this.#context.flows.add(this.#destination, { refused: 1 });
    if (this.#recorded >= SINGLE_RECORDS) {
      const { rule } = event.decision;
      this.#counted.set(rule, (this.#counted.get(rule) ?? 0) + 1);
      return;
    }
    this.#recorded += 1;
    await this.#context.record(event);
  }

  /** Writes the sums. */
  async finish(): Promise<void> {
    for (const [rule, requests] of this.#counted) {
      await this.#context.record({
        kind: 'model.request',
        subject: { destination: this.#destination, requests },
        decision: { verdict: 'deny', rule, reason: 'more refusals of this kind', policy: this.#context.policy.digest },
      });
    }
    this.#counted.clear();
  }
}
