import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import { DIRECT, type ModelAnswer, type ModelClient, type ModelRequest } from './client.ts';
import { askJson, type HttpOptions } from './http.ts';
import { anthropicUsage, isAskedModel, parseAnswer } from './reply.ts';

const reply = z.object({
  id: z.string().catch(''),
  model: z.string(),
  stop_reason: z.string().nullable(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: anthropicUsage,
});

const KEEP = { cache_control: { type: 'ephemeral' } } as const;

/** The Messages API, https://docs.claude.com/en/api/messages: data from outside goes into results of tools. */
export function anthropicClient(options: HttpOptions): ModelClient {
  return {
    ...DIRECT,
    model: options.model,
    hasCache: true,
    complete: async (request) => {
      const message = messageOf(request, options.model);
      const answer = await askJson({ path: '/v1/messages', headers: headersOf(options), body: message }, options);
      return answer.status === 'replied' ? readMessage(answer.json, options.model) : answer;
    },
  };
}

/** What every request to Anthropic carries. */
export function headersOf({ key }: Pick<HttpOptions, 'key'>): Readonly<Record<string, string>> {
  return { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
}

/** The body of a request. Marks of what to keep stand behind the instructions and behind data that others share. */
export function messageOf(
  { system, data, isRepeated, question, schema, maxOutputTokens }: ModelRequest,
  model: string,
): JsonValue {
  const tools = data.map((_, index) => ({
    name: `read_part_${index}`,
    description: 'Part of the repository.',
    input_schema: { type: 'object', properties: {} },
  }));
  const uses = tools.map(({ name }) => ({ type: 'tool_use', id: `toolu_${name}`, name, input: {} }));
  const results = data.map((content, index) => ({
    type: 'tool_result',
    tool_use_id: `toolu_read_part_${index}`,
    content,
    ...(isRepeated && index === 0 ? KEEP : {}),
  }));
  return {
    model,
    max_tokens: maxOutputTokens,
    system: [{ type: 'text', text: system, ...KEEP }],
    tools,
    tool_choice: { type: 'none' },
    messages: [
      { role: 'user', content: 'Read the slice, then answer the question behind it.' },
      { role: 'assistant', content: uses },
      { role: 'user', content: [...results, { type: 'text', text: question }] },
    ],
    output_config: { format: { type: 'json_schema', schema } },
  };
}

/** What a finished message says. */
export function readMessage(json: JsonValue, asked: string): ModelAnswer {
  const read = reply.safeParse(json);
  if (!read.success) return { status: 'error', reason: 'the service answered in another form', final: false };
  const { stop_reason: stop, content, usage, model, id } = read.data;
  if (stop === 'refusal') return { status: 'refused', reason: 'the model refused', usage };
  if (stop === 'max_tokens' || stop === 'model_context_window_exceeded')
    return { status: 'truncated', reason: 'the answer was cut', usage };
  if (!isAskedModel(asked, model)) return { status: 'invalid', reason: `${model} answered instead of ${asked}`, usage };
  if (stop !== 'end_turn' && stop !== 'stop_sequence')
    return { status: 'invalid', reason: `the answer ended with ${stop}`, usage };
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  return parseAnswer(text, { usage, requestId: id, modelActual: model });
}
