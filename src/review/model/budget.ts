import type { ModelStage, ModelUsage } from './client.ts';
import { costOfTokens } from './prices.ts';

/** Hard caps for a whole review. */
export interface BudgetLimits {
  readonly tokens: number;
  /** US dollars; without a known price of the model only tokens count. */
  readonly usd: number | undefined;
}

/** Of every cap this share is kept for verification: a finding that nobody could check is worth little. */
const FOR_VERIFICATION = 0.3;

/** Counts what requests took and what running ones may take at most. */
export class ReviewBudget {
  readonly #model: string;
  readonly #limits: BudgetLimits;
  #spent: ModelUsage = { input: 0, output: 0 };
  #held: ModelUsage = { input: 0, output: 0 };

  constructor(model: string, limits: BudgetLimits) {
    this.#model = model;
    this.#limits = limits;
  }

  get spent(): ModelUsage {
    return this.#spent;
  }

  /** Sets the most that a request may take aside; undefined when that would pass a cap. */
  reserve(stage: ModelStage, most: ModelUsage): Reservation | undefined {
    const share = stage === 'find' || stage === 'follow-up' ? 1 - FOR_VERIFICATION : 1;
    const sum = add(add(this.#spent, this.#held), most);
    if (sum.input + sum.output > this.#limits.tokens * share) return undefined;
    const cost = costOfTokens(this.#model, sum);
    if (this.#limits.usd !== undefined && cost !== undefined && cost > this.#limits.usd * share) return undefined;
    this.#held = add(this.#held, most);
    return {
      settle: (usage) => {
        this.#held = { input: this.#held.input - most.input, output: this.#held.output - most.output };
        this.#spent = add(this.#spent, usage);
      },
    };
  }
}

export interface Reservation {
  /** To be called once, with what the request really took. */
  settle(usage: ModelUsage): void;
}

function add(one: ModelUsage, other: ModelUsage): ModelUsage {
  return { input: one.input + other.input, output: one.output + other.output };
}

/** At least as many tokens as any tokenizer makes of a text of code. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2.5);
}
