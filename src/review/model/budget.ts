import type { ModelClient, ModelStage, ModelUsage } from './client.ts';
import { costOfTokens } from './prices.ts';

/** Hard caps for a whole review. */
export interface BudgetLimits {
  readonly tokens: number;
  /** US dollars; without a known price of the model only tokens count. */
  readonly usd: number | undefined;
}

/** Of every cap this share is kept for verification: a finding that nobody could check is worth little. */
const FOR_VERIFICATION = 0.3;
export const NO_USAGE: ModelUsage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

/** Counts what requests took and what running ones may take at most. */
export class ReviewBudget {
  readonly #client: Pick<ModelClient, 'model' | 'priceShare'>;
  readonly #limits: BudgetLimits;
  #spent = NO_USAGE;
  #held = NO_USAGE;
  #running = 0;
  /** Woken when a running request has taken what it took. */
  #waiting: (() => void)[] = [];

  constructor(client: Pick<ModelClient, 'model' | 'priceShare'>, limits: BudgetLimits) {
    this.#client = client;
    this.#limits = limits;
  }

  get spent(): ModelUsage {
    return this.#spent;
  }

  /**
   * Sets the most that a request may take aside. While running ones could still leave enough, it waits for them;
   * undefined when none is left and it would pass a cap.
   */
  async reserve(stage: ModelStage, most: ModelUsage): Promise<Reservation | undefined> {
    while (!this.#fits(stage, most)) {
      if (this.#running === 0) return undefined;
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
    this.#held = addUsage(this.#held, most);
    this.#running++;
    return { settle: (usage) => this.#settle(most, usage) };
  }

  #fits(stage: ModelStage, most: ModelUsage): boolean {
    const share = stage === 'find' || stage === 'follow-up' ? 1 - FOR_VERIFICATION : 1;
    const sum = addUsage(addUsage(this.#spent, this.#held), most);
    if (sum.input + sum.output > this.#limits.tokens * share) return false;
    const cost = costOfTokens(this.#client, sum);
    return this.#limits.usd === undefined || cost === undefined || cost <= this.#limits.usd * share;
  }

  #settle(most: ModelUsage, usage: ModelUsage): void {
    this.#held = addUsage(this.#held, most, -1);
    this.#spent = addUsage(this.#spent, usage);
    this.#running--;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export interface Reservation {
  /** To be called once, with what the request really took. */
  settle(usage: ModelUsage): void;
}

export function addUsage(one: ModelUsage, other: ModelUsage, sign: 1 | -1 = 1): ModelUsage {
  return {
    input: one.input + sign * other.input,
    cacheRead: one.cacheRead + sign * other.cacheRead,
    cacheWrite: one.cacheWrite + sign * other.cacheWrite,
    output: one.output + sign * other.output,
  };
}

/** More tokens than tokenizers make of code. Text that is made to cost more counts with what it really took, afterwards. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2.5);
}
