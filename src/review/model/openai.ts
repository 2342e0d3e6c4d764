import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from './client.ts';
import { type HttpOptions, postJson } from './http.ts';
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
  usage: z.object({ prompt_tokens: count, completion_tokens: count }),
});

/** Chat completions as OpenAI and compatible servers have them: data from outside goes into a tool message. */
export function openaiClient(options: HttpOptions): ModelClient {
  const headers = { authorization: `Bearer ${options.key}` };
  return {
    model: options.model,
    complete: async (request) => {
      const answer = await postJson('/v1/chat/completions', headers, bodyOf(request, options.model), options);
      return answer.status === 'replied' ? readReply(answer.json, options.model) : answer;
    },
  };
}

function bodyOf({ stage, system, data, question, schema, maxOutputTokens }: ModelRequest, model: string): JsonValue {
  const call = { id: 'call_slice', type: 'function', function: { name: 'read_slice', arguments: '{}' } };
  return {
    model,
    max_completion_tokens: maxOutputTokens,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: 'Read the slice, then answer the question behind it.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: data },
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
  const usage = { input: used.prompt_tokens, output: used.completion_tokens };
  const { finish_reason: finish, message } = choice;
  if (message.refusal || finish === 'content_filter') return { status: 'refused', reason: 'the model refused', usage };
  if (finish === 'length') return { status: 'truncated', reason: 'the answer was cut', usage };
  if (!isAskedModel(asked, model)) return { status: 'invalid', reason: `${model} answered instead of ${asked}`, usage };
  if (finish !== 'stop') return { status: 'invalid', reason: `the answer ended with ${finish}`, usage };
  return parseAnswer(message.content ?? '', { usage, requestId: id, modelActual: model });
}
