import type { JsonValue } from '../../system/index.ts';
import type { ModelAnswer } from './client.ts';

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
