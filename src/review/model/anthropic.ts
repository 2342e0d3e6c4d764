import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from './client.ts';
import { type HttpOptions, postJson } from './http.ts';
import { isAskedModel, parseAnswer } from './reply.ts';

const count = z.number().nonnegative().catch(0);
const reply = z.object({
  id: z.string().catch(''),
  model: z.string(),
  stop_reason: z.string().nullable(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: z.object({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  }),
});

const TOOL = {
  name: 'read_slice',
  description: 'Part of the repository.',
  input_schema: { type: 'object', properties: {} },
};

/** The Messages API, https://docs.claude.com/en/api/messages: data from outside goes into a tool result. */
export function anthropicClient(options: HttpOptions): ModelClient {
  const headers = { 'x-api-key': options.key, 'anthropic-version': '2023-06-01' };
  return {
    model: options.model,
    complete: async (request) => {
      const answer = await postJson('/v1/messages', headers, bodyOf(request, options.model), options);
      return answer.status === 'replied' ? readReply(answer.json, options.model) : answer;
    },
  };
}

function bodyOf({ system, data, question, schema, maxOutputTokens }: ModelRequest, model: string): JsonValue {
  const use = { type: 'tool_use', id: 'toolu_slice', name: TOOL.name, input: {} };
  return {
    model,
    max_tokens: maxOutputTokens,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
    tools: [TOOL],
    tool_choice: { type: 'none' },
    messages: [
      { role: 'user', content: 'Read the slice, then answer the question behind it.' },
      { role: 'assistant', content: [use] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: use.id, content: data },
          { type: 'text', text: question },
        ],
      },
    ],
    output_config: { format: { type: 'json_schema', schema } },
  };
}

function readReply(json: JsonValue, asked: string): ModelAnswer {
  const read = reply.safeParse(json);
  if (!read.success) return { status: 'error', reason: 'the service answered in another form', final: false };
  const { stop_reason: stop, content, usage: used, model, id } = read.data;
  const usage = {
    input: used.input_tokens + used.cache_read_input_tokens + used.cache_creation_input_tokens,
    output: used.output_tokens,
  };
  if (stop === 'refusal') return { status: 'refused', reason: 'the model refused', usage };
  if (stop === 'max_tokens' || stop === 'model_context_window_exceeded')
    return { status: 'truncated', reason: 'the answer was cut', usage };
  if (!isAskedModel(asked, model)) return { status: 'invalid', reason: `${model} answered instead of ${asked}`, usage };
  if (stop !== 'end_turn' && stop !== 'stop_sequence')
    return { status: 'invalid', reason: `the answer ended with ${stop}`, usage };
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  return parseAnswer(text, { usage, requestId: id, modelActual: model });
}
