import type { ModelGrant } from '../../policy/index.ts';
import type { Usage } from './dialect.ts';
import type { Expectation } from './estimate.ts';
import { costOf, priceOf, totalTokens } from './prices.ts';

export type BudgetUnit = 'requests' | 'tokens' | 'usd';

/** Which limit is used up, and by how much. */
export interface Exhaustion {
  readonly unit: BudgetUnit;
  readonly used: number;
  readonly limit: number;
}

/** A request in flight. What it may still cost counts until it is settled. */
export interface Reservation {
  /** Books what was really used. The second call does nothing. */
  settle(usage: Usage): void;
}

/**
 * The run's budget, kept outside of the agent. A request is let through while what was used and what other requests in
 * flight may still use stays under every limit, so parallel requests overshoot by no more than one of them.
 */
export class Budget {
  readonly #grant: Pick<ModelGrant, 'maxRequests' | 'maxTokens' | 'maxUsd'>;
  #requests = 0;
  #tokens = 0;
  #usd = 0;
  #pendingTokens = 0;
  #pendingUsd = 0;

  constructor(grant: Pick<ModelGrant, 'maxRequests' | 'maxTokens' | 'maxUsd'>) {
    this.#grant = grant;
  }

  /** Takes one request and what it may cost of `model` out of the budget, or says which limit is used up. */
  reserve(model: string, { inputTokens, maxTokens, isFast }: Expectation): Reservation | Exhaustion {
    const exhausted = this.exhaustion();
    if (exhausted) return exhausted;
    const price = priceOf(model, isFast);
    const tokens = inputTokens + maxTokens;
    const usd = (inputTokens * price.input + maxTokens * price.output) / 1e6;
    this.#requests += 1;
    this.#pendingTokens += tokens;
    this.#pendingUsd += usd;
    let settled = false;
    return {
      settle: (usage) => {
        if (settled) return;
        settled = true;
        this.#pendingTokens -= tokens;
        this.#pendingUsd -= usd;
        this.#tokens += totalTokens(usage);
        this.#usd += costOf(model, usage, isFast);
      },
    };
  }

  /** The limit that is used up, if one is. */
  exhaustion(): Exhaustion | undefined {
    const { maxRequests, maxTokens, maxUsd } = this.#grant;
    const tokens = this.#tokens + this.#pendingTokens;
    const usd = this.#usd + this.#pendingUsd;
    if (this.#requests >= maxRequests) return { unit: 'requests', used: this.#requests, limit: maxRequests };
    if (tokens >= maxTokens) return { unit: 'tokens', used: tokens, limit: maxTokens };
    if (maxUsd !== undefined && usd >= maxUsd) return { unit: 'usd', used: usd, limit: maxUsd };
    return undefined;
  }
}
