import { isArray, isObject, type JsonObject, type JsonValue } from '../../../system/index.ts';
import type {
  Passage,
  ResponseSummary,
  ResponseTerms,
  Ruling,
  StreamFirewall,
  Usage,
  WrittenCall,
} from '../dialect.ts';
import { formatSseEvent, type SseEvent } from '../sse.ts';
import { parseStrictJsonText, stringOf } from '../strict-json.ts';
import { TextWatch } from '../text-watch.ts';
import { hostedUseKind } from './hosted-tools.ts';
import { carriesCall } from './nested-call.ts';
import { readUsage } from './usage.ts';

/** A call's input is held in memory until it is complete; a larger one is denied. */
const MAX_CALL_BYTES = 4 << 20;
const MAX_HELD_CALLS = 64;

/** A tool_use block between its start and its stop. */
interface HeldCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly initialInput: JsonValue | undefined;
  readonly raw: Buffer[];
  readonly json: string[];
  bytes: number;
  problem: string | undefined;
}

const PASS_NOTHING: Passage = { bytes: [] };
const REDACTED = 'the call contains a secret of this run';
const NO_INDEX = 'the provider sent a part of a block without its index';
const SECRET_IN_PIECES = 'the provider sent a secret of this run in pieces';

/**
 * The tool-call firewall on a Messages stream. A tool_use block is held from its start to its stop, judged, and then
 * released byte for byte or replaced under the same id and index. All other blocks pass at once and unchanged, also
 * while a call is held. What breaks the protocol around a call ends the stream: a later delta for a judged block would
 * change what was judged.
 */
export class MessageStream implements StreamFirewall {
  readonly #terms: ResponseTerms;
  readonly #held = new Map<number, HeldCall>();
  /** Indexes that were used, with what for: a second block under one index would be read differently by clients. */
  readonly #used = new Map<number, 'call' | 'hosted' | 'other'>();
  readonly #watches = new Map<number, TextWatch>();
  readonly #ids = new Set<string>();
  #usage: Usage | undefined;
  #writtenBytes = 0;
  #stopReason: string | undefined;

  constructor(terms: ResponseTerms) {
    this.#terms = terms;
  }

  push(event: SseEvent): Passage | Promise<Passage> {
    const pass: Passage = { bytes: [event.raw] };
    if (event.data === undefined || event.data.trim() === '' || event.data === '[DONE]') return pass;
    const parsed = parseStrictJsonText(event.data);
    if (!parsed.ok || !isObject(parsed.value)) return cut('the provider sent an event that is not plain JSON');
    const data = parsed.value;
    if (event.name !== undefined && event.name !== data['type']) return cut('the provider sent an event of two types');
    if (data['type'] !== 'content_block_start' && carriesCall(data))
      return cut('the provider sent a tool call outside of a block');
    switch (data['type']) {
      case 'content_block_start':
        return this.#startBlock(data, event, pass);
      case 'content_block_delta':
        return this.#extendBlock(data, event);
      case 'content_block_stop':
        return this.#stopBlock(data, event, pass);
      case 'message_start':
        return this.#startMessage(data, pass);
      case 'message_delta':
        return this.#endMessage(data, pass);
      case 'message_stop':
      case 'error':
        return this.#closeOpen(pass);
      default:
        return pass;
    }
  }

  async end(): Promise<Passage> {
    return this.#closeOpen(PASS_NOTHING);
  }

  summary(): ResponseSummary {
    return { usage: this.#usage, stopReason: this.#stopReason, writtenBytes: this.#writtenBytes };
  }

  #startMessage(data: JsonObject, pass: Passage): Passage {
    const message = isObject(data['message']) ? data['message'] : {};
    this.#usage = readUsage(message['usage'], this.#usage);
    return pass;
  }

  #endMessage(data: JsonObject, pass: Passage): Passage | Promise<Passage> {
    this.#usage = readUsage(data['usage'], this.#usage);
    if (isObject(data['delta'])) this.#stopReason = stringOf(data['delta']['stop_reason']) ?? this.#stopReason;
    return this.#closeOpen(pass);
  }

  #startBlock(data: JsonObject, event: SseEvent, pass: Passage): Passage {
    const index = indexOf(data);
    const block = data['content_block'];
    if (index === undefined || !isObject(block)) return cut('the provider started a block without index or content');
    if (this.#used.has(index)) return cut('the provider used one block index twice');
    const type = stringOf(block['type']) ?? '';
    if (type === 'tool_use') return this.#hold(index, block, event);
    if (carriesCall(block)) return cut('the provider sent a tool call inside another block');
    if (/_tool_use$|tool_call|function/.test(type)) {
      const kind = hostedUseKind(type, stringOf(block['name']) ?? '');
      if (kind !== undefined && !this.#terms.hostedTools.includes(kind))
        return cut(`the provider used its own tool ${kind}, which the policy does not allow`);
      this.#used.set(index, 'hosted');
      return pass;
    }
    this.#used.set(index, 'other');
    return this.#watch(index, event.raw, block);
  }

  #hold(index: number, block: JsonObject, event: SseEvent): Passage {
    const id = stringOf(block['id']);
    const name = stringOf(block['name']);
    if (id === undefined || name === undefined) return cut('the provider sent a tool call without id or name');
    if (this.#ids.has(id)) return cut('the provider sent two tool calls with one id');
    if (this.#held.size >= MAX_HELD_CALLS) return cut('the provider left too many tool calls open');
    this.#used.set(index, 'call');
    this.#ids.add(id);
    const { raw } = event;
    const held: HeldCall = {
      index,
      id,
      name,
      initialInput: block['input'],
      raw: [raw],
      json: [],
      bytes: raw.length,
      problem: event.redacted ? REDACTED : undefined,
    };
    this.#held.set(index, held);
    return PASS_NOTHING;
  }

  #extendBlock(data: JsonObject, event: SseEvent): Passage {
    const index = indexOf(data);
    if (index === undefined) return cut(NO_INDEX);
    const delta = isObject(data['delta']) ? data['delta'] : {};
    this.#writtenBytes += textOf(fieldsOf(delta)).length;
    const held = this.#held.get(index);
    if (held) {
      extend(held, delta, event);
      return PASS_NOTHING;
    }
    if (this.#used.get(index) === 'call') return cut('the provider changed a tool call after its end');
    if (delta['type'] === 'input_json_delta' && this.#used.get(index) !== 'hosted')
      return cut('the provider sent tool input outside of a tool call');
    return this.#watch(index, event.raw, delta);
  }

  /** Parts of a block that together spell a secret cannot be taken back one by one, so the stream ends. */
  #watch(index: number, raw: Buffer, part: JsonObject): Passage {
    const text = textOf(fieldsOf(part));
    if (text === '') return { bytes: [raw] };
    const watch = this.#watches.get(index) ?? new TextWatch(this.#terms.scan());
    this.#watches.set(index, watch);
    const bytes = watch.push(raw, text);
    return bytes === undefined ? cut(SECRET_IN_PIECES) : { bytes };
  }

  #stopWatch(index: number, pass: Passage): Passage {
    const watch = this.#watches.get(index);
    if (!watch) return pass;
    this.#watches.delete(index);
    const bytes = watch.end();
    return bytes === undefined ? cut(SECRET_IN_PIECES) : { bytes: [...bytes, ...pass.bytes] };
  }

  #stopBlock(data: JsonObject, event: SseEvent, pass: Passage): Passage | Promise<Passage> {
    const index = indexOf(data);
    if (index === undefined) return cut(NO_INDEX);
    const held = this.#held.get(index);
    return held ? this.#judge(held, event) : this.#stopWatch(index, pass);
  }

  async #judge(held: HeldCall, stop: SseEvent): Promise<Passage> {
    this.#held.delete(held.index);
    held.raw.push(stop.raw);
    const ruling = await this.#terms.judge(writtenCall(held));
    return { bytes: ruling.verdict === 'release' ? held.raw : replacement(held, ruling) };
  }

  /** What is still open when the message ends: text that was held passes, a call is denied. */
  #closeOpen(pass: Passage): Passage | Promise<Passage> {
    const text = [...this.#watches.keys()].map((index) => this.#stopWatch(index, PASS_NOTHING));
    const broken = text.find(({ cut: reason }) => reason !== undefined);
    if (broken) return broken;
    const all = { bytes: [...text.flatMap(({ bytes }) => bytes), ...pass.bytes] };
    return this.#held.size === 0 ? all : this.#denyHeld(all);
  }

  async #denyHeld(pass: Passage): Promise<Passage> {
    const bytes: Buffer[] = [];
    for (const held of this.#held.values()) {
      held.problem ??= 'the call never ended';
      const ruling = await this.#terms.judge(writtenCall(held));
      if (ruling.verdict === 'replace') bytes.push(...replacement(held, ruling));
    }
    this.#held.clear();
    return { bytes: [...bytes, ...pass.bytes] };
  }
}

function extend(held: HeldCall, delta: JsonObject, event: SseEvent): void {
  // Released without the secret it would be another call than the model asked for.
  if (event.redacted) held.problem ??= REDACTED;
  held.bytes += event.raw.length;
  if (held.bytes > MAX_CALL_BYTES) {
    held.problem = `the call is larger than ${MAX_CALL_BYTES} bytes`;
    held.raw.length = 0;
    held.json.length = 0;
  }
  const part = stringOf(delta['partial_json']);
  if (delta['type'] !== 'input_json_delta' || part === undefined)
    held.problem ??= 'the call holds something other than input';
  if (held.problem !== undefined) return;
  held.raw.push(event.raw);
  if (part) held.json.push(part);
}

function writtenCall(held: HeldCall): WrittenCall {
  const { id, name } = held;
  if (held.problem !== undefined) return { id, name, input: undefined, problem: held.problem };
  const json = held.json.join('');
  const initial = held.initialInput ?? {};
  // Clients differ in whether deltas replace or extend an input given at the start; a call with both has two readings.
  if (!isObject(initial) || (json !== '' && Object.keys(initial).length > 0))
    return { id, name, input: undefined, problem: 'the call gives its input twice' };
  if (json === '') return { id, name, input: initial };
  const parsed = parseStrictJsonText(json);
  if (!parsed.ok) return { id, name, input: undefined, problem: `the call's input is malformed (${parsed.reason})` };
  if (!isObject(parsed.value)) return { id, name, input: undefined, problem: `the call's input is not an object` };
  return { id, name, input: parsed.value };
}

function replacement(held: HeldCall, ruling: Extract<Ruling, { verdict: 'replace' }>): Buffer[] {
  const { index, id } = held;
  const block = { type: 'tool_use', id, name: ruling.name, input: {} };
  const delta = { type: 'input_json_delta', partial_json: JSON.stringify(ruling.input) };
  return [
    formatSseEvent('content_block_start', { type: 'content_block_start', index, content_block: block }),
    formatSseEvent('content_block_delta', { type: 'content_block_delta', index, delta }),
    formatSseEvent('content_block_stop', { type: 'content_block_stop', index }),
  ];
}

/** Which block an event is about. Clients that look blocks up in a list take 0.5 for 0 and -1 for the last one. */
function indexOf(data: JsonObject): number | undefined {
  const index = data['index'];
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : undefined;
}

function fieldsOf({ type: _type, ...fields }: JsonObject): JsonObject {
  return fields;
}

/** Every text in a part of a block, one behind the other: clients join them over the parts, whatever their field. */
function textOf(node: JsonValue | undefined): string {
  if (typeof node === 'string') return node;
  if (isArray(node)) return node.map(textOf).join('');
  return isObject(node) ? Object.values(node).map(textOf).join('') : '';
}

function cut(reason: string): Passage {
  return { bytes: [], cut: reason };
}
