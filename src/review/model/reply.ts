import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import type { ModelAnswer, ModelUsage } from './client.ts';

const count = z.number().nonnegative().catch(0);

/** Tokens as Anthropic counts them: what was read from its cache or put into it is no part of `input_tokens`. */
export const anthropicUsage = z
  .object({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  })
  .transform(
    (used): ModelUsage => ({
      input: used.input_tokens + used.cache_read_input_tokens + used.cache_creation_input_tokens,
      cacheRead: used.cache_read_input_tokens,
      cacheWrite: used.cache_creation_input_tokens,
      output: used.output_tokens,
    }),
  );

/** Whether the model that answered is the one that was asked: the same, or the dated name of an alias. */
export function isAskedModel(asked: string, actual: string): boolean {
  return actual === asked || actual.startsWith(`${asked}-`) || actual.startsWith(`${asked.replace(/-latest$/, '')}-`);
}

/** The JSON in an answer. Text around it, or half of it, makes the answer invalid: nothing is guessed. */
export function parseAnswer(
  text: string,
  told: Pick<Extract<ModelAnswer, { status: 'ok' }>, 'usage' | 'requestId' | 'modelActual'>,
): ModelAnswer {
  try {
    const json: JsonValue = JSON.parse(text);
    return { status: 'ok', json, ...told };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: 'invalid', reason: `the answer is not JSON: ${why.slice(0, 120)}`, usage: told.usage };
  }
}
