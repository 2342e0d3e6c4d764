import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import { DIRECT, type ModelAnswer, type ModelClient, type ModelRequest } from './client.ts';
import { askJson, type HttpOptions } from './http.ts';
import { isAskedModel, parseAnswer } from './reply.ts';

const count = z.number().nonnegative().catch(0);
const reply = z.object({
  id: z.string().catch(''),
  model: z.string(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullable(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count }).catch({ cached_tokens: 0 }),
  }),
});

/** Chat completions as OpenAI and compatible servers have them: data from outside goes into a tool message. */
export function openaiClient(options: HttpOptions): ModelClient {
  const headers = { authorization: `Bearer ${options.key}` };
  return {
    ...DIRECT,
    model: options.model,
    // By itself, wherever two requests begin the same way.
    hasCache: true,
    complete: async (request) => {
      const body = bodyOf(request, options.model);
      const answer = await askJson({ path: '/v1/chat/completions', headers, body }, options);
      return answer.status === 'replied' ? readReply(answer.json, options.model) : answer;
    },
  };
}

function bodyOf({ stage, system, data, question, schema, maxOutputTokens }: ModelRequest, model: string): JsonValue {
  const calls = data.map((_, index) => {
    return { id: `call_${index}`, type: 'function', function: { name: `read_part_${index}`, arguments: '{}' } };
  });
  return {
    model,
    max_completion_tokens: maxOutputTokens,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: 'Read the slice, then answer the question behind it.' },
      { role: 'assistant', content: null, tool_calls: calls },
      ...data.map((content, index) => ({ role: 'tool', tool_call_id: `call_${index}`, content })),
      { role: 'user', content: question },
    ],
    response_format: { type: 'json_schema', json_schema: { name: stage, strict: true, schema } },
  };
}

function readReply(json: JsonValue, asked: string): ModelAnswer {
  const read = reply.safeParse(json);
  const choice = read.data?.choices[0];
  if (!read.success || !choice)
    return { status: 'error', reason: 'the service answered in another form', final: false };
  const { model, id, usage: used } = read.data;
  const usage = {
    input: used.prompt_tokens,
    cacheRead: Math.min(used.prompt_tokens_details.cached_tokens, used.prompt_tokens),
    cacheWrite: 0,
    output: used.completion_tokens,
  };
  const { finish_reason: finish, message } = choice;
  if (message.refusal || finish === 'content_filter') return { status: 'refused', reason: 'the model refused', usage };
  if (finish === 'length') return { status: 'truncated', reason: 'the answer was cut', usage };
  if (!isAskedModel(asked, model)) return { status: 'invalid', reason: `${model} answered instead of ${asked}`, usage };
  if (finish !== 'stop') return { status: 'invalid', reason: `the answer ended with ${finish}`, usage };
  return parseAnswer(message.content ?? '', { usage, requestId: id, modelActual: model });
}
