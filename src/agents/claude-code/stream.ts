import type { JsonObject, JsonValue } from '../../system/index.ts';
import type { AgentReport } from '../adapter.ts';
import { asList, asNumber, asObject, asText, parseObject } from '../json-fields.ts';

/** A longer line is not read: no report of interest is that long, and the line is the agent's. */
const LINE_CHARACTERS = 16 * 1024 * 1024;

/**
 * What one line of `--output-format stream-json` or `json` says. Every field is hostile: whatever has not the
 * documented shape is passed over, never thrown on. Plain text gives no report.
 */
export function readReports(line: string): readonly AgentReport[] {
  if (line.length > LINE_CHARACTERS || !line.trimStart().startsWith('{')) return [];
  const message = parseObject(line);
  if (message === undefined) return [];
  switch (message['type']) {
    case 'system':
      return readSystem(message);
    case 'assistant':
      return contentBlocks(message).flatMap(readToolUse);
    case 'user':
      return [...contentBlocks(message).flatMap(readToolResult), ...readResultMeta(message)];
    case 'result':
      return [...readDenials(message), readFinish(message)];
    default:
      return [];
  }
}

function readSystem(message: JsonObject): readonly AgentReport[] {
  if (message['subtype'] === 'permission_denied')
    return [denied(message['tool_use_id'], message['tool_name'], message['message'] ?? message['decision_reason'])];
  if (message['subtype'] !== 'init') return [];
  return [
    {
      kind: 'started',
      version: asText(message['claude_code_version']),
      tools: asList(message['tools']).flatMap((name) => asText(name) ?? []),
      permissionMode: asText(message['permissionMode']),
      mcpServers: asList(message['mcp_servers']).flatMap((server) => asText(asObject(server)?.['name']) ?? []),
    },
  ];
}

function readToolUse(block: JsonObject): readonly AgentReport[] {
  const id = asText(block['id']);
  const name = asText(block['name']);
  if (block['type'] !== 'tool_use' || id === undefined || name === undefined) return [];
  return [{ kind: 'tool-call', call: { id, name, input: asObject(block['input']) ?? {} } }];
}

function readToolResult(block: JsonObject): readonly AgentReport[] {
  const callId = asText(block['tool_use_id']);
  if (block['type'] !== 'tool_result' || callId === undefined) return [];
  return [{ kind: 'tool-result', callId, isError: block['is_error'] === true }];
}

/** Newer versions say beside the result why a call did not run; only denials by a rule or a person are of interest. */
function readResultMeta(message: JsonObject): readonly AgentReport[] {
  return asList(message['tool_result_meta']).flatMap((entry) => {
    const meta = asObject(entry);
    const kind = asText(meta?.['non_execution_kind']);
    if (meta === undefined || kind === undefined) return [];
    const reason = asText(asObject(meta['permission_decision'])?.['reason_type']);
    return [denied(meta['id'], undefined, reason === undefined ? kind : `${kind}: ${reason}`)];
  });
}

function readDenials(message: JsonObject): readonly AgentReport[] {
  return asList(message['permission_denials']).flatMap((entry) => {
    const denial = asObject(entry);
    return denial === undefined ? [] : [denied(denial['tool_use_id'], denial['tool_name'], undefined)];
  });
}

function denied(id: JsonValue | undefined, tool: JsonValue | undefined, reason: JsonValue | undefined): AgentReport {
  return { kind: 'denied', callId: asText(id) ?? '', tool: asText(tool) ?? '', reason: asText(reason) ?? 'not stated' };
}

function readFinish(message: JsonObject): AgentReport {
  return {
    kind: 'finished',
    isError: message['is_error'] === true,
    turns: asNumber(message['num_turns']),
    usd: asNumber(message['total_cost_usd']),
    text: asText(message['result']) ?? '',
  };
}

function contentBlocks(message: JsonObject): readonly JsonObject[] {
  return asList(asObject(message['message'])?.['content'])
    .map(asObject)
    .filter((block) => block !== undefined);
}
