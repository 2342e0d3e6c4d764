import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicClient, type ModelClient, openaiClient } from '../../../src/review/index.ts';
import type { JsonValue } from '../../../src/system/index.ts';

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

export interface ModelServer extends AsyncDisposable {
  readonly requests: readonly SeenRequest[];
  /** How long the client was told to wait, each time. */
  readonly waits: readonly number[];
  readonly client: ModelClient;
  readonly address: string;
}

export type Dialect = 'anthropic' | 'openai';
export const MODEL = 'claude-sonnet-5';

/** A model on loopback that answers each request as the test says; real sockets, no real time. */
export async function startModel(dialect: Dialect, answer: Answer, timeout = 5_000): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const waits: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const seen = { path: request.url ?? '', headers: request.headers, body };
      requests.push(seen);
      answer(seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address object.
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const open = dialect === 'anthropic' ? anthropicClient : openaiClient;
  const client = open({
    baseUrl: address,
    key: 'test-key',
    model: MODEL,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    timeout,
  });
  return {
    requests,
    waits,
    client,
    address,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Said {
  readonly stop?: string;
  readonly model?: string;
  readonly id?: string;
}

/** A reply of the dialect that says this text. */
export function say(dialect: Dialect, text: string, { stop, model = MODEL, id = 'reply_1' }: Said = {}): JsonValue {
  if (dialect === 'anthropic')
    return {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text }],
      stop_reason: stop ?? 'end_turn',
      usage: { input_tokens: 100, output_tokens: 20 },
    };
  return {
    id,
    model,
    choices: [{ finish_reason: stop ?? 'stop', message: { role: 'assistant', content: text } }],
    usage: { prompt_tokens: 100, completion_tokens: 20 },
  };
}

export function reply(
  response: ServerResponse,
  body: JsonValue,
  status = 200,
  headers: { [name: string]: string } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The data part of a request: what the model reads, as it was encoded. The shapes are those that our adapters write. */
export function dataOf(body: string): { readonly mark: string; readonly content: { readonly [key: string]: unknown } } {
  const message = JSON.parse(body);
  const result = message.messages
    .flatMap(({ role, content }: { role: string; content: unknown }) =>
      role === 'tool' ? [content] : Array.isArray(content) ? content : [],
    )
    .map((block: unknown) =>
      typeof block === 'string'
        ? block
        : (block as { type?: string; content?: string }).type === 'tool_result'
          ? (block as { content: string }).content
          : undefined,
    )
    .find((text: unknown) => typeof text === 'string');
  return JSON.parse(result);
}

export const isFind = (body: string): boolean => body.includes('Which vulnerabilities does the slice show?');
