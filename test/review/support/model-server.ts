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
  /** Tokens that reading took. */
  readonly input?: number;
}

/** A reply of the dialect that says this text. */
export function say(
  dialect: Dialect,
  text: string,
  { stop, model = MODEL, id = 'reply_1', input = 100 }: Said = {},
): JsonValue {
  if (dialect === 'anthropic')
    return {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text }],
      stop_reason: stop ?? 'end_turn',
      usage: { input_tokens: input, output_tokens: 20 },
    };
  return {
    id,
    model,
    choices: [{ finish_reason: stop ?? 'stop', message: { role: 'assistant', content: text } }],
    usage: { prompt_tokens: input, completion_tokens: 20 },
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

interface Part {
  readonly mark: string;
  readonly content: { readonly [key: string]: unknown };
}

/** The parts of data of a request as they were encoded, in order. The shapes are those that our adapters write. */
export function partsOf(body: string): readonly string[] {
  const message = JSON.parse(body);
  return message.messages.flatMap(({ role, content }: { role: string; content: unknown }) => {
    const blocks: unknown[] =
      role === 'tool' ? [{ type: 'tool_result', content }] : Array.isArray(content) ? content : [];
    return blocks.flatMap((block) => {
      const { type, content: text } = block as { type?: string; content?: string };
      return type === 'tool_result' && text !== undefined ? [text] : [];
    });
  });
}

/** What the model reads: the content of all parts, and the mark that they share. */
export function dataOf(body: string): Part {
  const parts = partsOf(body).map((part): Part => JSON.parse(part));
  const [first] = parts;
  if (first === undefined || parts.some(({ mark }) => mark !== first.mark)) throw new Error('parts without one mark');
  return { mark: first.mark, content: Object.assign({}, ...parts.map(({ content }) => content)) };
}

export const isFind = (body: string): boolean => body.includes('Which vulnerabilities does the slice show?');
