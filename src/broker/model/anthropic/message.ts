import { isArray, isObject, type JsonObject, type JsonValue } from '../../../system/index.ts';
import type { JudgedMessage, ResponseTerms } from '../dialect.ts';
import { stringOf } from '../strict-json.ts';
import { hostedUseKind } from './hosted-tools.ts';
import { carriesCall } from './nested-call.ts';
import { readUsage } from './usage.ts';

/** The tool-call firewall on a response that comes whole. */
export async function judgeMessage(message: JsonObject, terms: ResponseTerms): Promise<JudgedMessage> {
  const summary = { usage: readUsage(message['usage']), stopReason: stringOf(message['stop_reason']) };
  const refuse = (cut: string): JudgedMessage => ({ ...summary, value: message, changed: false, cut });
  const content = message['content'];
  if (content !== undefined && !isArray(content)) return refuse('the provider sent content that is not a list');
  if (carriesCall({ ...message, content: [] })) return refuse('the provider sent a tool call outside of a block');

  const ids = new Set<string>();
  const judged: JsonValue[] = [];
  for (const block of content ?? []) {
    if (!isObject(block)) return refuse('the provider sent a block that is not an object');
    const type = stringOf(block['type']) ?? '';
    if (type !== 'tool_use') {
      if (carriesCall(block)) return refuse('the provider sent a tool call inside another block');
      const kind = /_tool_use$|tool_call|function/.test(type)
        ? hostedUseKind(type, stringOf(block['name']) ?? '')
        : undefined;
      if (kind !== undefined && !terms.hostedTools.includes(kind))
        return refuse(`the provider used its own tool ${kind}, which the policy does not allow`);
      judged.push(block);
      continue;
    }
    const id = stringOf(block['id']);
    const name = stringOf(block['name']);
    if (id === undefined || name === undefined) return refuse('the provider sent a tool call without id or name');
    if (ids.has(id)) return refuse('the provider sent two tool calls with one id');
    ids.add(id);
    judged.push(await judgeBlock(block, id, name, terms));
  }
  const changed = judged.some((block, at) => block !== content?.[at]);
  return { ...summary, value: changed ? { ...message, content: judged } : message, changed };
}

async function judgeBlock(block: JsonObject, id: string, name: string, { judge }: ResponseTerms): Promise<JsonObject> {
  const input = block['input'];
  const call = isObject(input)
    ? { id, name, input }
    : { id, name, input: undefined, problem: `the call's input is not an object` };
  const ruling = await judge(call);
  return ruling.verdict === 'release' ? block : { ...block, name: ruling.name, input: ruling.input };
}
