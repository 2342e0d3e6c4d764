import { isArray, isObject, type JsonObject, type JsonValue } from '../../../system/index.ts';
import type { DeniedCall, RequestReading, ToolResult } from '../dialect.ts';
import { countOf, stringOf } from '../strict-json.ts';
import { FETCHED_BLOCKS, hostedField, hostedKind, INLINE_SOURCES } from './hosted-tools.ts';

/**
 * Reads a Messages request. Hosted tools that are only offered are taken out, so that the job goes on without them;
 * what is in use (a forced choice, a connector, a container) stays in `hostedTools` for the policy to refuse.
 */
export function readRequest(body: JsonObject, allowedHosted: readonly string[]): RequestReading | string {
  const model = stringOf(body['model']);
  if (model === undefined) return 'the field `model` is missing';
  if (!isArray(body['messages'])) return 'the field `messages` is missing';
  const tools = body['tools'] ?? [];
  if (!isArray(tools) || !tools.every(isObject)) return 'the field `tools` is not a list of objects';

  const offered = tools.map((tool) => ({ tool, kind: kindOf(tool) }));
  const kept = offered.filter(({ kind }) => kind === undefined || allowedHosted.includes(kind));
  const stripped = offered.filter((entry) => !kept.includes(entry));
  const used = fieldsInUse(body);
  const forced = stripped.filter(({ tool }) => isForced(body['tool_choice'], tool['name'])).map(({ kind }) => kind);
  const hostedTools = [...kept.map(({ kind }) => kind), ...forced, ...used].filter((kind) => kind !== undefined);
  return {
    model,
    maxTokens: countOf(body['max_tokens']),
    // Whatever it says that is not the ordinary speed: what is not known is taken for dear.
    isFast: isInUse(body['speed']) && body['speed'] !== 'standard',
    inlineBytes: countInline(body['messages']),
    body:
      stripped.length === 0
        ? body
        : withTools(
            body,
            kept.map(({ tool }) => tool),
          ),
    stripped: stripped.flatMap(({ kind }) => kind ?? []),
    hostedTools: [...new Set(hostedTools)],
    urlInputs: countFetches(body['messages']) + countFetches(body['system']) + countFetches(body['tools']),
    toolNames: new Set(tools.flatMap((tool) => stringOf(tool['name']) ?? [])),
    results: toolResults(body['messages']),
  };
}

function kindOf(tool: JsonObject): string | undefined {
  const type = tool['type'];
  if (type === undefined) return undefined;
  return typeof type === 'string' ? hostedKind(type) : 'unknown';
}

/** A call's input, a tool's schema and the like are opaque to the API: names in them are the agent's own. */
const OPAQUE: ReadonlySet<string> = new Set(['input', 'input_schema', 'input_examples', 'schema']);
/** What the conversation consists of: blocks, which are looked through for what they fetch. */
const CONVERSATION: ReadonlySet<string> = new Set(['messages', 'system']);

/** Fields that make the provider or a gateway connect, at the top and inside of other fields, which some would merge. */
function fieldsInUse(node: JsonValue | undefined): readonly string[] {
  if (isArray(node)) return node.flatMap(fieldsInUse);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([name, value]) => {
    if (OPAQUE.has(name) || CONVERSATION.has(name)) return [];
    const kind = isInUse(value) ? hostedField(name) : undefined;
    return kind === undefined ? fieldsInUse(value) : [kind];
  });
}

function isInUse(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && !(isArray(value) && value.length === 0);
}

function isForced(choice: JsonValue | undefined, name: JsonValue | undefined): boolean {
  return isObject(choice) && choice['type'] === 'tool' && choice['name'] === name;
}

/** The API refuses an empty list and a choice without tools, so both go with the last tool. */
function withTools(body: JsonObject, tools: readonly JsonObject[]): JsonObject {
  if (tools.length > 0) return { ...body, tools };
  const { tools: _tools, tool_choice: _choice, ...rest } = body;
  return rest;
}

/** Blocks that make the provider fetch something: by URL, by an uploaded file's id, by a container. */
function countFetches(node: JsonValue | undefined): number {
  let count = 0;
  if (isArray(node)) for (const item of node) count += countFetches(item);
  else if (isObject(node)) {
    const source = node['source'];
    if (isObject(source) && !INLINE_SOURCES.has(stringOf(source['type']) ?? '')) count++;
    else if (FETCHED_BLOCKS.has(stringOf(node['type']) ?? '')) count++;
    for (const [key, value] of Object.entries(node)) if (!OPAQUE.has(key)) count += countFetches(value);
  }
  return count;
}

/** Bytes of content that is inline and not text, wherever it stands. */
function countInline(node: JsonValue | undefined): number {
  let count = 0;
  if (isArray(node)) for (const item of node) count += countInline(item);
  else if (isObject(node)) {
    if (node['type'] === 'base64') return stringOf(node['data'])?.length ?? 0;
    for (const [key, value] of Object.entries(node)) if (!OPAQUE.has(key)) count += countInline(value);
  }
  return count;
}

function toolResults(messages: readonly JsonValue[]): readonly ToolResult[] {
  const results: ToolResult[] = [];
  for (const block of blocksOf(messages, 'user')) {
    const id = stringOf(block['tool_use_id']);
    if (block['type'] !== 'tool_result' || id === undefined) continue;
    results.push({ id, isError: block['is_error'] === true, content: block['content'] ?? '' });
  }
  return results;
}

function* blocksOf(messages: readonly JsonValue[], role: string): Generator<JsonObject> {
  for (const message of messages) {
    if (!isObject(message) || message['role'] !== role || !isArray(message['content'])) continue;
    for (const block of message['content']) if (isObject(block)) yield block;
  }
}

/**
 * The agent's history says that it called a tool it does not have. The model is shown its own call again, and in place
 * of the agent's "no such tool" the reason of the refusal. Found by the call's id: some agents rename unknown calls.
 */
export function restoreHistory(body: JsonObject, deniedCall: (id: string) => DeniedCall | undefined): JsonObject {
  const messages = body['messages'];
  if (!isArray(messages)) return body;
  let changed = false;
  const restoreBlock = (block: JsonValue): JsonValue => {
    const restored = isObject(block) ? restoreDenied(block, deniedCall) : undefined;
    if (restored === undefined) return block;
    changed = true;
    return restored;
  };
  const restored = messages.map((message) =>
    isObject(message) && isArray(message['content'])
      ? { ...message, content: message['content'].map(restoreBlock) }
      : message,
  );
  return changed ? { ...body, messages: restored } : body;
}

function restoreDenied(block: JsonObject, deniedCall: (id: string) => DeniedCall | undefined): JsonObject | undefined {
  if (block['type'] === 'tool_use') {
    const denied = deniedCall(stringOf(block['id']) ?? '');
    return denied && { ...block, name: denied.name, input: denied.input };
  }
  if (block['type'] === 'tool_result') {
    const denied = deniedCall(stringOf(block['tool_use_id']) ?? '');
    return denied && { ...block, content: denied.refusal, is_error: true };
  }
  return undefined;
}
