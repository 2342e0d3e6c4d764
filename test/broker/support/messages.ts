/** Wire forms of the Messages API, as documented by the provider, for scripted answers. */

export interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

export const USAGE = {
  input_tokens: 100,
  cache_read_input_tokens: 20,
  cache_creation_input_tokens: 8,
  output_tokens: 1,
};

export function toolUse(id: string, name: string, input: object): Block {
  return { type: 'tool_use', id, name, input };
}

export function text(value: string): Block {
  return { type: 'text', text: value };
}

export function message(content: readonly Block[], extra: object = {}): object {
  const stop = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-test-1',
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: { ...USAGE, output_tokens: 50 },
    ...extra,
  };
}

export function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

export function start(): string {
  return event('message_start', { message: { ...message([]), stop_reason: null, usage: USAGE } }) + event('ping', {});
}

export function end(stop = 'end_turn'): string {
  const delta = { stop_reason: stop, stop_sequence: null };
  return event('message_delta', { delta, usage: { output_tokens: 50 } }) + event('message_stop', {});
}

/** One block as a stream carries it: start, deltas, stop. */
export function block(index: number, value: Block, pieces = 3): string {
  if (value.type === 'tool_use') {
    const json = JSON.stringify(value['input']);
    const size = Math.ceil(json.length / pieces);
    const parts = Array.from({ length: pieces }, (_, at) => json.slice(at * size, (at + 1) * size));
    const deltas = ['', ...parts].map((partial_json) =>
      event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } }),
    );
    return open(index, { ...value, input: {} }) + deltas.join('') + close(index);
  }
  const delta = { type: 'text_delta', text: value['text'] };
  return open(index, { type: 'text', text: '' }) + event('content_block_delta', { index, delta }) + close(index);
}

export function open(index: number, content_block: object): string {
  return event('content_block_start', { index, content_block });
}

export function close(index: number): string {
  return event('content_block_stop', { index });
}

export function stream(content: readonly Block[]): string {
  const stop = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  return start() + content.map((value, index) => block(index, value)).join('') + end(stop);
}

export interface Request {
  readonly [field: string]: unknown;
}

export function request(fields: object = {}): Request {
  return { model: 'claude-test-1', max_tokens: 100, messages: [{ role: 'user', content: 'hello' }], ...fields };
}
