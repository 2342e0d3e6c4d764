/**
 * A scripted stand-in for the Anthropic Messages API on loopback, for tests and the demo: plays turns, streams as the
 * real service does, and keeps every request. As a program: `node test/support/scripted-model.ts --script FILE`.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { fillPlaceholders, type MessageScript, type ScriptedCall, type ScriptedTurn } from './message-script.ts';
import { type AssistantMessage, type ContentBlock, event, streamEvents } from './message-stream.ts';

export type { MessageScript, ScriptedCall, ScriptedFault, ScriptedTurn } from './message-script.ts';

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedModelOptions {
  /** When given, a request with another `x-api-key` or bearer token is answered 401. */
  readonly key?: string;
  readonly variables?: { readonly [name: string]: string };
  /** Bytes a write to the socket carries; events are cut anywhere, as a network cuts them. Whole events when absent. */
  readonly chunkBytes?: number;
  /** TCP port; any free one when absent. */
  readonly port?: number;
}

export interface ScriptedModel extends AsyncDisposable {
  /** Base URL, as for `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** Every request so far, refused ones too. */
  readonly requests: readonly RecordedRequest[];
  /** The calls asked for so far, with placeholders filled. */
  readonly played: readonly ScriptedCall[];
}

/** The part of a Messages request that the script looks at. */
interface MessagesRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly unknown[];
  readonly messages?: readonly { readonly content?: unknown }[];
}

/** Starts the model; it stops when disposed. */
export async function startScriptedModel(
  script: MessageScript,
  options: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  const player = new ScriptPlayer(script, options.variables ?? {});
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    receive(request).then(
      (recorded) => {
        requests.push(recorded);
        answer(recorded, response, player, options);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo; // a TCP server's address after `listening`
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    played: player.played,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Where each session is in the script. */
class ScriptPlayer {
  readonly played: ScriptedCall[] = [];
  readonly #script: MessageScript;
  readonly #variables: { readonly [name: string]: string };
  readonly #cursors = new Map<string, number>();
  readonly #faulted = new Set<string>();
  #messages = 0;

  constructor(script: MessageScript, variables: { readonly [name: string]: string }) {
    this.#script = script;
    this.#variables = variables;
  }

  /** The turn this request is answered with. A turn's fault comes first, alone, and does not advance the script. */
  next(session: string, request: MessagesRequest): { readonly turn: ScriptedTurn; readonly message: AssistantMessage } {
    this.#messages += 1;
    const turn = fillPlaceholders(this.#choose(session, request), {
      ...this.#variables,
      LAST_RESULT: lastResult(request),
    });
    if (turn.fault === undefined) this.played.push(...(turn.calls ?? []));
    return { turn, message: this.#render(turn, request.model ?? 'scripted') };
  }

  #choose(session: string, request: MessagesRequest): ScriptedTurn {
    if ((request.tools ?? []).length === 0) return { text: this.#script.side ?? 'ok' };
    const start = this.#cursors.size === 0 || this.#script.everySession === true ? 0 : this.#script.turns.length;
    const cursor = this.#cursors.get(session) ?? start;
    this.#cursors.set(session, cursor);
    const turn = this.#script.turns[cursor] ?? { text: this.#script.final ?? 'Done.' };
    const once = `${session} ${cursor}`;
    if (turn.fault !== undefined && !this.#faulted.has(once)) {
      this.#faulted.add(once);
      return turn;
    }
    this.#cursors.set(session, cursor + 1);
    const { fault: _played, ...sound } = turn;
    return sound;
  }

  #render(turn: ScriptedTurn, model: string): AssistantMessage {
    const content: ContentBlock[] = [];
    if (turn.thinking !== undefined)
      content.push({ type: 'thinking', thinking: turn.thinking, signature: 'c2NyaXB0ZWQ=' });
    if (turn.text !== undefined) content.push({ type: 'text', text: turn.text });
    for (const [index, call] of (turn.calls ?? []).entries())
      content.push({ type: 'tool_use', id: `toolu_${this.#messages}_${index}`, name: call.tool, input: call.input });
    return {
      id: `msg_${this.#messages}`,
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: (turn.calls ?? []).length > 0 ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    };
  }
}

async function receive(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function answer(
  request: RecordedRequest,
  response: ServerResponse,
  player: ScriptPlayer,
  options: ScriptedModelOptions,
): void {
  response.setHeader('request-id', `req_${request.body.length}`);
  const path = request.url.split('?', 1)[0];
  const body = parseRequest(request.body);
  if (request.method === 'HEAD') response.writeHead(200).end();
  else if (options.key !== undefined && presentedKey(request.headers) !== options.key)
    sendError(response, 401, 'authentication_error', 'invalid x-api-key');
  else if (path === '/v1/messages/count_tokens') sendJson(response, 200, { input_tokens: 10 });
  else if (path !== '/v1/messages' || request.method !== 'POST')
    sendError(response, 404, 'not_found_error', 'Not found');
  else if (body === undefined) sendError(response, 400, 'invalid_request_error', 'The body is not valid JSON');
  else answerMessages(response, player.next(sessionOf(request.headers), body), body.stream === true, options);
}

function answerMessages(
  response: ServerResponse,
  { turn, message }: ReturnType<ScriptPlayer['next']>,
  streamed: boolean,
  options: ScriptedModelOptions,
): void {
  const { fault } = turn;
  if (fault !== undefined && 'status' in fault)
    sendError(response, fault.status, fault.type, fault.message, fault.headers);
  else if (streamed) sendStream(response, message, turn, options.chunkBytes);
  else sendJson(response, 200, message);
}

function sendStream(
  response: ServerResponse,
  message: AssistantMessage,
  turn: ScriptedTurn,
  chunkBytes: number | undefined,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const events = [...streamEvents(message)];
  const { fault } = turn;
  const sent = fault === undefined ? events : events.slice(0, 3);
  if (fault !== undefined && 'streamError' in fault)
    sent.push(event('error', { error: { type: fault.streamError, message: fault.streamError } }));
  for (const chunk of cut(sent, chunkBytes)) response.write(chunk);
  if (fault !== undefined && 'cut' in fault) setImmediate(() => response.destroy());
  else response.end();
}

function cut(events: readonly string[], chunkBytes: number | undefined): readonly Uint8Array[] {
  if (chunkBytes === undefined) return events.map((text) => Buffer.from(text));
  const bytes = Buffer.from(events.join(''));
  const count = Math.ceil(bytes.length / chunkBytes);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes));
}

function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: object = {},
): void {
  sendJson(response, status, { type: 'error', error: { type, message } }, headers);
}

function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : headers.authorization?.replace(/^Bearer /, '');
}

function sessionOf(headers: IncomingHttpHeaders): string {
  const session = headers['x-claude-code-session-id'] ?? headers['x-session-id'];
  return typeof session === 'string' ? session : 'default';
}

function parseRequest(body: string): MessagesRequest | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Text of the newest tool result in the conversation. */
function lastResult(request: MessagesRequest): string {
  const blocks = (request.messages ?? []).flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const result = blocks.findLast((block) => block?.type === 'tool_result')?.content;
  if (typeof result === 'string') return result;
  return Array.isArray(result) ? result.map((part) => part?.text ?? '').join('\n') : '';
}

const USAGE = `usage: node test/support/scripted-model.ts --script FILE [--port N] [--key KEY] [--var NAME=VALUE]...
Serves the Messages API on loopback until it is stopped, playing the turns of FILE; prints its base URL.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      script: { type: 'string' },
      port: { type: 'string' },
      key: { type: 'string' },
      var: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || values.script === undefined) return console.log(USAGE);
  const pairs = (values.var ?? []).map((pair): [string, string] => {
    const [name = '', ...rest] = pair.split('=');
    return [name, rest.join('=')];
  });
  const script: MessageScript = JSON.parse(readFileSync(values.script, 'utf8'));
  const model = await startScriptedModel(script, {
    variables: Object.fromEntries(pairs),
    ...(values.key === undefined ? {} : { key: values.key }),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
  });
  console.log(model.url);
}

if (import.meta.main) await main();
