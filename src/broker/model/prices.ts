import type { Usage } from './dialect.ts';

/** US dollars for a million tokens. Cache prices are multiples of the input price. */
export interface Price {
  /** Model name pattern; `*` stands for anything. The first row that matches counts. */
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** How many times as much a fast answer costs (`speed` of the request). */
  readonly fast?: number;
}

/**
 * List prices as published by the provider in November 2026. Estimates, good enough to stop a run: the provider's
 * invoice is what counts. A model that is not listed costs as much as the dearest that is.
 */
export const PRICES: readonly Price[] = [
  { model: 'claude-fable-*', input: 10, output: 50 },
  { model: 'claude-opus-4-5*', input: 5, output: 25 },
  { model: 'claude-opus-4-6*', input: 5, output: 25 },
  { model: 'claude-opus-4-7*', input: 5, output: 25 },
  { model: 'claude-opus-4-8*', input: 5, output: 25, fast: 2 },
  { model: 'claude-opus-4*', input: 15, output: 75 },
  { model: 'claude-opus-5-5*', input: 4, output: 20 },
  { model: 'claude-opus-5', input: 5, output: 25, fast: 2 },
  { model: 'claude-sonnet-5*', input: 2, output: 10 },
  { model: 'claude-sonnet-4*', input: 3, output: 15 },
  // What a prompt of more than 100 000 tokens costs.
  { model: 'claude-haiku-5-5*', input: 0.5, output: 2.5 },
  { model: 'claude-haiku-4*', input: 1, output: 5 },
  { model: 'claude-3-7-sonnet*', input: 3, output: 15 },
  { model: 'claude-3-5-sonnet*', input: 3, output: 15 },
  { model: 'claude-3-5-haiku*', input: 0.8, output: 4 },
  { model: 'claude-3-haiku*', input: 0.25, output: 1.25 },
  { model: '*', input: 15, output: 75 },
];

/** The dearest that was published, for models of which it is not known. */
const FAST = 6;

const CACHE = { read: 0.1, write: 1.25, writeLong: 2 } as const;

/** Requests with more input than this are charged at a higher rate; taken for every model, to be on the safe side. */
const LONG_CONTEXT = { tokens: 200_000, input: 2, output: 1.5 } as const;

const DEAREST: Price = { model: '*', input: 15, output: 75 };

/** @param isFast whether the request asks for a fast answer */
export function priceOf(model: string, isFast = false): Price {
  const price = PRICES.find((row) => matches(row.model, model)) ?? DEAREST;
  const times = isFast ? (price.fast ?? FAST) : 1;
  return { ...price, input: price.input * times, output: price.output * times };
}

/** Estimated cost in US dollars. */
export function costOf(model: string, usage: Usage, isFast = false): number {
  const price = priceOf(model, isFast);
  const long = Math.min(usage.cacheWriteLongTokens, usage.cacheWriteTokens);
  const inputUnits =
    usage.inputTokens +
    usage.cacheReadTokens * CACHE.read +
    (usage.cacheWriteTokens - long) * CACHE.write +
    long * CACHE.writeLong;
  const isLong = totalTokens(usage) - usage.outputTokens > LONG_CONTEXT.tokens;
  const input = inputUnits * price.input * (isLong ? LONG_CONTEXT.input : 1);
  const output = usage.outputTokens * price.output * (isLong ? LONG_CONTEXT.output : 1);
  return (input + output) / 1e6;
}

/** Every token that passed, wherever the provider took it from. */
export function totalTokens(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

/** Patterns here end in `*` or are exact: that is all a price row needs. */
function matches(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
