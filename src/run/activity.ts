import type { LedgerEvent } from '../ledger/index.ts';
import { isObject, type JsonValue } from '../system/index.ts';

/** One tool call the model asked for, as it crossed the wire. */
export interface ToolActivity {
  readonly id: string;
  readonly tool: string;
  /** What it would do, in one line: the command, the path, the address. Redacted, not escaped. */
  readonly summary: string;
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly reason: string;
  /** Files that the call names as changed, as it spells them. */
  readonly writes: readonly string[];
}

/** One connection or request that was refused. */
export interface RefusedConnection {
  readonly target: string;
  readonly rule: string;
  readonly reason: string;
  readonly times: number;
}

export interface ModelActivity {
  readonly requests: number;
  readonly refused: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheTokens: number;
  /** US dollars by the price table; an estimate. */
  readonly usd: number;
  readonly models: readonly string[];
}

export interface Activity {
  readonly tools: readonly ToolActivity[];
  readonly refusedConnections: readonly RefusedConnection[];
  readonly model: ModelActivity;
  readonly records: number;
  readonly gaps: number;
  readonly agreement: { readonly match: number; readonly mismatch: number; readonly unobserved: number };
}

/** Follows the ledger's events as they are appended and keeps the sums that people read. */
export class ActivityMeter {
  readonly #tools = new Map<string, ToolActivity>();
  readonly #refused = new Map<string, RefusedConnection>();
  readonly #models = new Set<string>();
  readonly #model = { requests: 0, refused: 0, inputTokens: 0, outputTokens: 0, cacheTokens: 0, usd: 0 };
  readonly #agreement = { match: 0, mismatch: 0, unobserved: 0 };
  #records = 0;
  #gaps = 0;

  observe(event: LedgerEvent): void {
    this.#records += 1;
    if (event.agreement) this.#agreement[event.agreement] += 1;
    switch (event.kind) {
      case 'tool.call':
        this.#observeToolCall(event);
        break;
      case 'model.request':
        this.#observeModelRequest(event);
        break;
      case 'model.response':
        this.#observeModelResponse(event);
        break;
      case 'network.request':
        this.#observeNetworkRequest(event);
        break;
      case 'capture.gap':
        this.#gaps += 1;
        break;
      default:
        break;
    }
  }

  snapshot(): Activity {
    return {
      tools: [...this.#tools.values()],
      refusedConnections: [...this.#refused.values()],
      model: { ...this.#model, models: [...this.#models] },
      records: this.#records,
      gaps: this.#gaps,
      agreement: { ...this.#agreement },
    };
  }

  #observeToolCall({ subject, decision }: LedgerEvent): void {
    if (!decision) return;
    const id = text(subject['id']);
    const tool = text(subject['tool']);
    const writes = texts(subject['writes']);
    // An input that was too long for the record is cut JSON: the file it names says more.
    const summary = subject['truncated'] === true && writes[0] !== undefined ? writes[0] : summarise(subject['input']);
    const { verdict, rule, reason } = decision;
    this.#tools.set(id, { id, tool, summary, verdict, rule, reason, writes });
  }

  #observeModelRequest({ subject, decision }: LedgerEvent): void {
    if (decision && decision.verdict !== 'allow') this.#model.refused += 1;
    else this.#model.requests += 1;
    const model = text(subject['model']);
    if (model) this.#models.add(model);
  }

  #observeModelResponse({ observed }: LedgerEvent): void {
    const usage = isObject(observed?.['usage']) ? observed['usage'] : {};
    this.#model.inputTokens += number(usage['inputTokens']);
    this.#model.outputTokens += number(usage['outputTokens']);
    this.#model.cacheTokens += number(usage['cacheReadTokens']) + number(usage['cacheWriteTokens']);
    this.#model.usd += number(usage['usd']);
  }

  #observeNetworkRequest({ subject, decision }: LedgerEvent): void {
    if (!decision || decision.verdict === 'allow') return;
    const target = targetOf(subject);
    const key = `${target}\n${decision.rule}\n${decision.reason}`;
    const times = (this.#refused.get(key)?.times ?? 0) + 1;
    this.#refused.set(key, { target, rule: decision.rule, reason: decision.reason, times });
  }
}

/** Where it should have gone: a host, what was written in place of one, or the broker itself. */
function targetOf({ host, port, spelled, target }: LedgerEvent['subject']): string {
  if (host !== undefined) return `${text(host)}:${text(port)}`;
  return text(spelled) || text(target) || 'no readable host';
}

/** The fields of a tool's input that say what it does, in order of telling power. */
const TELLING_FIELDS = [
  'command',
  'file_path',
  'notebook_path',
  'path',
  'url',
  'pattern',
  'query',
  'prompt',
  'description',
] as const;

function summarise(input: JsonValue | undefined): string {
  if (!isObject(input)) return text(input);
  for (const field of TELLING_FIELDS) {
    const value = input[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return JSON.stringify(input);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function number(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
