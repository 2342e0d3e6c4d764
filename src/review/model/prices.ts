import type { ModelClient, ModelUsage } from './client.ts';

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

/** Day of the list prices below. */
export const PRICES_OF = '2026-11-22';

/** By the beginning of the model's name. A model that is not here has no price: then only the token budget counts. */
const PRICES: readonly (ModelPrice & { readonly model: string })[] = [
  { model: 'claude-opus-5-5', input: 4, output: 20 },
  { model: 'claude-opus-5', input: 5, output: 25 },
  { model: 'claude-sonnet-5', input: 2, output: 10 },
  // What a prompt of more than 100 000 tokens costs.
  { model: 'claude-haiku-5-5', input: 0.5, output: 2.5 },
  { model: 'claude-haiku-4-5', input: 1, output: 5 },
  { model: 'claude-fable-5', input: 10, output: 50 },
];

function priceOfModel(model: string): ModelPrice | undefined {
  return PRICES.find((row) => model === row.model || model.startsWith(`${row.model}-`));
}

/** What reading and writing the provider's cache of five minutes costs, as shares of the price of input. */
const CACHE = { read: 0.1, write: 1.25 } as const;

/** In US dollars; undefined for a model without a known price. */
export function costOfTokens(
  { model, priceShare }: Pick<ModelClient, 'model' | 'priceShare'>,
  { input, cacheRead, cacheWrite, output }: ModelUsage,
): number | undefined {
  const price = priceOfModel(model);
  if (price === undefined) return undefined;
  const weighed = input - cacheRead - cacheWrite + cacheRead * CACHE.read + cacheWrite * CACHE.write;
  return ((weighed * price.input + output * price.output) * priceShare) / 1e6;
}
