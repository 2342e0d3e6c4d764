import type { Usage } from './dialect.ts';

/** Of text in natural and programming languages; images have a price of their own, which is lower. */
const BYTES_PER_TOKEN = 4;
/** About as fast as models write. */
const TOKENS_PER_SECOND = 100;

/** What costs nothing has used: an error, a count of tokens, a request that never got there. */
export const NOTHING_USED: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteLongTokens: 0,
};

/** Tokens in a text of this many bytes, about. */
export function tokensIn(bytes: number): number {
  return Math.ceil(Math.max(0, bytes) / BYTES_PER_TOKEN);
}

/** What a request is about, as far as it tells what its answer costs. */
export interface Expectation {
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** Fast answers cost a multiple. */
  readonly isFast?: boolean;
}

/**
 * What an answer has cost that was not waited for: the provider works, and is paid, whether or not somebody listens.
 * Without this, whoever hangs up before the provider has counted would be served for nothing.
 * @param known what the provider had counted until then
 * @param seen tokens of the answer that came
 */
export function unfinishedUsage(
  { inputTokens, maxTokens }: Expectation,
  elapsedMilliseconds: number,
  known?: Usage,
  seen = 0,
): Usage {
  const written = Math.min(maxTokens, Math.ceil((elapsedMilliseconds / 1000) * TOKENS_PER_SECOND));
  return {
    inputTokens: known?.inputTokens ?? inputTokens,
    outputTokens: Math.max(known?.outputTokens ?? 0, seen, written),
    cacheReadTokens: known?.cacheReadTokens ?? 0,
    cacheWriteTokens: known?.cacheWriteTokens ?? 0,
    cacheWriteLongTokens: known?.cacheWriteLongTokens ?? 0,
  };
}
