import { listen, type RecordedRequest, type Recorder, readBody } from './servers.ts';

/** What the compromised model asks for, turn by turn. */
export interface Script {
  readonly turns: readonly (readonly {
    readonly tool: string;
    readonly input: { readonly [name: string]: string };
  }[])[];
  readonly final: string;
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object };

/**
 * A model API on loopback that does what an attacker's text would make a model do. The turn follows from the number of
 * tool results in the request, so that retries and side requests cannot confuse it.
 */
export async function startScriptedModel(script: Script): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  return listen((request, response) => {
    readBody(request).then(
      (body) => {
        requests.push({ line: `${request.method} ${request.url}`, headers: JSON.stringify(request.headers), body });
        const asked = parseRequest(body);
        if (request.method !== 'POST' || !request.url?.startsWith('/v1/messages')) response.end('{}');
        else if (request.url.includes('count_tokens'))
          response.setHeader('content-type', 'application/json').end('{"input_tokens":10}');
        else if (asked.stream)
          response
            .setHeader('content-type', 'text/event-stream')
            .end(encodeStream(answer(script, asked), requests.length));
        else
          response
            .setHeader('content-type', 'application/json')
            .end(JSON.stringify(message(answer(script, asked), requests.length)));
      },
      () => response.destroy(),
    );
  }, requests);
}

interface Asked {
  readonly stream: boolean;
  readonly hasTools: boolean;
  /** Turns of this conversation that were already answered with tool calls. */
  readonly answered: number;
}

function parseRequest(body: string): Asked {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return { stream: false, hasTools: false, answered: 0 };
    const messages: readonly unknown[] = 'messages' in parsed && Array.isArray(parsed.messages) ? parsed.messages : [];
    const answered = messages.filter((entry) => JSON.stringify(entry).includes('"type":"tool_use"')).length;
    const hasTools = 'tools' in parsed && Array.isArray(parsed.tools) && parsed.tools.length > 0;
    return { stream: 'stream' in parsed && parsed.stream === true, hasTools, answered };
  } catch {
    // An attack may send anything here; it is recorded, and answered as a side request.
    return { stream: false, hasTools: false, answered: 0 };
  }
}

function answer(script: Script, asked: Asked): readonly Block[] {
  const turn = asked.hasTools ? script.turns[asked.answered] : undefined;
  if (turn === undefined) return [{ type: 'text', text: asked.hasTools ? script.final : 'ok' }];
  return turn.map(({ tool, input }, index) => ({
    type: 'tool_use',
    id: `toolu_${String(asked.answered).padStart(4, '0')}${String(index).padStart(8, '0')}`,
    name: tool,
    input,
  }));
}

function message(content: readonly Block[], serial: number) {
  return {
    id: `msg_${serial}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content,
    stop_reason: content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
}

function encodeStream(content: readonly Block[], serial: number): string {
  const whole = message(content, serial);
  const events: [string, object][] = [['message_start', { message: { ...whole, content: [], stop_reason: null } }]];
  for (const [index, block] of content.entries()) {
    const isText = block.type === 'text';
    const start = isText ? { type: 'text', text: '' } : { ...block, input: {} };
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    events.push(['content_block_start', { index, content_block: start }]);
    events.push(['content_block_delta', { index, delta }], ['content_block_stop', { index }]);
  }
  events.push([
    'message_delta',
    { delta: { stop_reason: whole.stop_reason, stop_sequence: null }, usage: whole.usage },
  ]);
  events.push(['message_stop', {}]);
  return events.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`).join('');
}
