import { isObject, type JsonValue } from '../../../system/index.ts';
import type { Usage } from '../dialect.ts';
import { countOf } from '../strict-json.ts';

/**
 * Reads a `usage` object over what is known so far. Counts in a stream are cumulative and come in parts, so the greater
 * number is the newer one.
 */
export function readUsage(value: JsonValue | undefined, before?: Usage): Usage | undefined {
  if (!isObject(value)) return before;
  const newer = (field: string, known: number | undefined): number => Math.max(countOf(value[field]), known ?? 0);
  const creation = isObject(value['cache_creation']) ? value['cache_creation'] : {};
  return {
    inputTokens: newer('input_tokens', before?.inputTokens),
    outputTokens: newer('output_tokens', before?.outputTokens),
    cacheReadTokens: newer('cache_read_input_tokens', before?.cacheReadTokens),
    cacheWriteTokens: newer('cache_creation_input_tokens', before?.cacheWriteTokens),
    cacheWriteLongTokens: Math.max(countOf(creation['ephemeral_1h_input_tokens']), before?.cacheWriteLongTokens ?? 0),
  };
}
