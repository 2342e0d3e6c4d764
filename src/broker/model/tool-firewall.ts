import type { Action, Decision } from '../../policy/index.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../../system/index.ts';
import type { BrokerContext } from '../context.ts';
import type { DeniedCall, Ruling, ToolResult, WrittenCall } from './dialect.ts';
import { redactJson } from './redaction.ts';
import { stringOf } from './strict-json.ts';

/** A call with its input, as the agent's adapter reads it. */
export interface ReadableCall {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

/** What a tool call would do, in the policy's words. */
export type ActionsOf = (call: ReadableCall) => readonly Action[];

/** Input up to this many characters stands in the record itself, so that a person can read the command in the log. */
const INLINE_CHARACTERS = 4096;

/** Results of calls nobody saw that are recorded one by one, so that an agent cannot fill disk and memory with them. */
const MOST_UNOBSERVED = 500;

/** The tool that no agent has. Varied when a request offers one of that name after all. */
const ABSENT_TOOL = 'SallyportDenied';

/** A decision, and the files that the call names as changed. */
interface Judged {
  readonly decision: Decision;
  readonly writes: readonly string[];
}

interface JudgedCall {
  readonly tool: string;
  readonly denied: DeniedCall | undefined;
  resultSeen: boolean;
}

/**
 * Decides every tool call before the agent sees it. A denied call reaches the agent as a call of a tool it does not
 * have: each agent answers that with an error of its own and goes on. With the next request the model gets its own
 * call back and reads why it was refused.
 */
export class ToolFirewall {
  readonly #context: BrokerContext;
  readonly #actionsOf: ActionsOf;
  readonly #judged = new Map<string, JudgedCall>();
  #unobserved = 0;

  constructor(context: BrokerContext, actionsOf: ActionsOf) {
    this.#context = context;
    this.#actionsOf = actionsOf;
  }

  /** Resolves when the decision is on disk; rejects when the log cannot take it, and then nothing is released. */
  async judge(call: WrittenCall, offered: ReadonlySet<string>): Promise<Ruling> {
    const { decision, writes } = this.#decide(call);
    const name = absentTool(offered);
    await this.#record(call, decision, writes);
    if (decision.verdict === 'allow') {
      this.#judged.set(call.id, { tool: call.name, denied: undefined, resultSeen: false });
      return { verdict: 'release' };
    }
    const denied = { name: call.name, input: call.input ?? {}, refusal: refusalText(call.name, decision) };
    this.#judged.set(call.id, { tool: call.name, denied, resultSeen: false });
    return { verdict: 'replace', name, input: { tool: call.name, rule: decision.rule, reason: decision.reason } };
  }

  deniedCall(id: string): DeniedCall | undefined {
    return this.#judged.get(id)?.denied;
  }

  /** Records what the agent reports about calls, once for each, and whether that fits what was decided. */
  async recordResults(results: readonly ToolResult[]): Promise<void> {
    for (const result of results) {
      const call = this.#judged.get(result.id);
      if (call?.resultSeen) continue;
      if (call) call.resultSeen = true;
      else if (!(await this.#noteUnobserved(result.id))) continue;
      const content = this.#context.sentinel.redactText(textOf(result.content));
      await this.#context.record({
        kind: 'tool.result',
        subject: { id: result.id, ...(call ? { tool: call.tool } : {}) },
        reported: { isError: result.isError, bytes: Buffer.byteLength(content) },
        // Success of a call that never reached the agent is a lie; of a call nobody saw there is nothing to compare.
        agreement: call === undefined ? 'unobserved' : call.denied && !result.isError ? 'mismatch' : 'match',
        committed: { content },
      });
    }
  }

  /** False when the result is one too many to be recorded; the first of these is, as a limit that was reached. */
  async #noteUnobserved(id: string): Promise<boolean> {
    this.#unobserved += 1;
    if (this.#unobserved <= MOST_UNOBSERVED) {
      this.#judged.set(id, { tool: '', denied: undefined, resultSeen: true });
      return true;
    }
    if (this.#unobserved === MOST_UNOBSERVED + 1)
      await this.#context.record({
        kind: 'limit',
        subject: { limit: 'unobserved results', recorded: MOST_UNOBSERVED },
      });
    return false;
  }

  #decide(call: WrittenCall): Judged {
    const { id, name, input } = call;
    if (input === undefined) return refuse('malformed-call', call.problem ?? 'the call has no input');
    if (this.#context.sentinel.find(Buffer.from(JSON.stringify(input))).length > 0)
      return refuse('known-secret', 'the call contains a secret of this run');
    let actions: readonly Action[];
    try {
      actions = this.#actionsOf({ id, name, input });
    } catch (error) {
      // The reason goes to the agent: it names the kind of the fault and nothing of ours.
      const decision = deny('unreadable-call', `what the call would do cannot be told (${errorName(error)})`);
      return { decision: { ...decision, error: true }, writes: [] };
    }
    if (actions.length === 0) return refuse('default', `what the tool ${name} would do is not known`);
    // Every action is decided, also after one was refused: counters and labels must see them all.
    const decisions = actions.map((action) => answerAsk(action, this.#context.decide(action)));
    const decision =
      decisions.find(({ verdict }) => verdict === 'deny') ??
      decisions.find(({ verdict }) => verdict === 'ask') ??
      decisions.find(waitsForReview) ??
      first(decisions);
    return { decision, writes: actions.flatMap(namedFiles) };
  }

  /** Which files the call names stands apart from the input, which may be too long to stand in the record. */
  #named(writes: readonly string[]): JsonObject {
    return writes.length === 0 ? {} : { writes: writes.map((path) => this.#context.sentinel.redactText(path)) };
  }

  async #record(
    { id, name, input, problem }: WrittenCall,
    decision: Decision,
    writes: readonly string[],
  ): Promise<void> {
    const { value } = redactJson(input ?? {}, this.#context.sentinel);
    const text = JSON.stringify(value);
    const inline: JsonObject =
      text.length <= INLINE_CHARACTERS
        ? { input: value }
        : { input: text.slice(0, INLINE_CHARACTERS), truncated: true };
    const { verdict, rule, reason } = decision;
    await this.#context.record(
      {
        kind: 'tool.call',
        subject: { id, tool: name, ...inline, ...this.#named(writes), ...(problem === undefined ? {} : { problem }) },
        decision: { verdict, rule, reason, policy: this.#context.policy.digest },
        ...('truncated' in inline ? { committed: { input: text } } : {}),
      },
      { durable: true },
    );
  }
}

function deny(rule: string, reason: string): Decision {
  return { verdict: 'deny', rule, reason };
}

function refuse(rule: string, reason: string): Judged {
  return { decision: deny(rule, reason), writes: [] };
}

function first(decisions: readonly Decision[]): Decision {
  return decisions[0] ?? deny('default', 'nothing was decided');
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'error';
}

/** A name that is in none of the request's tools, so that no client can take the replaced call for a real one. */
function absentTool(offered: ReadonlySet<string>): string {
  let name = ABSENT_TOOL;
  for (let count = 2; offered.has(name); count++) name = `${ABSENT_TOOL}${count}`;
  return name;
}

const REVIEW = 'the change waits for review: ';

/**
 * Nobody is there to be asked. The change of a file can be looked at afterwards: the call goes through, and when the
 * change is collected the file plane is asked again and keeps it out of the patch. Anything else is refused; the record
 * keeps that it was an ask.
 */
function answerAsk(action: Action, decision: Decision): Decision {
  if (decision.verdict !== 'ask') return decision;
  if (action.plane === 'file' && action.operation !== 'read')
    return { ...decision, verdict: 'allow', reason: `${REVIEW}${decision.reason}` };
  return { ...decision, reason: `needs approval, and nobody can approve in an unattended run: ${decision.reason}` };
}

function waitsForReview({ verdict, reason }: Decision): boolean {
  return verdict === 'allow' && reason.startsWith(REVIEW);
}

/** The files that a call names as changed, as it spells them. */
function namedFiles(action: Action): readonly string[] {
  return action.plane === 'tool' ? (action.writes ?? []) : [];
}

function refusalText(tool: string, { rule, reason }: Decision): string {
  return [
    `Sallyport refused this call of ${tool} before it ran. Nothing was executed.`,
    `Reason: ${reason} (rule ${rule}).`,
    'Do not repeat the call in another form. Continue with what the policy allows, or say in your final answer what you could not do and why.',
  ].join('\n');
}

function textOf(content: JsonValue): string {
  if (typeof content === 'string') return content;
  if (!isArray(content)) return JSON.stringify(content);
  return content
    .map((part) => (isObject(part) ? (stringOf(part['text']) ?? `[${stringOf(part['type']) ?? 'block'}]`) : ''))
    .join('\n');
}
