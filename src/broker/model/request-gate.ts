import type { LedgerEvent } from '../../ledger/index.ts';
import type { Decision, ModelAction } from '../../policy/index.ts';
import { isObject, type JsonObject } from '../../system/index.ts';
import type { BrokerContext, Destination } from '../context.ts';
import type { Budget, Exhaustion, Reservation } from './budget.ts';
import type { Endpoint, ModelDialect, RequestReading } from './dialect.ts';
import { type Expectation, tokensIn } from './estimate.ts';
import { CleanStrings, redactJson } from './redaction.ts';
import { isRefusal, type ModelRefusal, refuse } from './refusal.ts';
import type { RefusalLog } from './refusal-log.ts';
import { parseStrictJson } from './strict-json.ts';
import type { ToolFirewall } from './tool-firewall.ts';

/** A request that may leave once it is on record: decided, paid for, without secrets. */
export interface ClearedRequest {
  readonly body: Buffer;
  readonly reading: RequestReading;
  readonly expected: Expectation;
  readonly reservation: Reservation;
  /** Resolves when the request is on disk; nothing of it may be sent before. Rejects when the log cannot take it. */
  readonly recorded: Promise<void>;
}

interface Scrubbed {
  readonly body: JsonObject;
  /** Names of the secrets that were taken out. */
  readonly redactions: readonly string[];
  /** Text that leaves for the first time. */
  readonly fresh: readonly string[];
  readonly remember: () => void;
}

/** Judges the body of a model request, in a fixed order of steps. Every refusal is a value and a record. */
export class RequestGate {
  readonly #context: BrokerContext;
  readonly #dialect: ModelDialect;
  readonly #budget: Budget;
  readonly #firewall: ToolFirewall;
  readonly #destination: Destination;
  readonly #refusals: RefusalLog;
  readonly #clean = new CleanStrings();

  constructor(parts: {
    readonly context: BrokerContext;
    readonly dialect: ModelDialect;
    readonly budget: Budget;
    readonly firewall: ToolFirewall;
    readonly refusals: RefusalLog;
    readonly destination: Destination;
  }) {
    this.#context = parts.context;
    this.#dialect = parts.dialect;
    this.#budget = parts.budget;
    this.#firewall = parts.firewall;
    this.#refusals = parts.refusals;
    this.#destination = parts.destination;
  }

  /** Rejects when the log cannot take a record, and then nothing is sent. */
  async clear(endpoint: Endpoint, raw: Buffer): Promise<ClearedRequest | ModelRefusal> {
    const reading = this.#read(raw);
    if (isRefusal(reading)) return reading;
    const exhausted = this.#budget.exhaustion();
    if (exhausted) return this.#exhausted(exhausted);
    const decision = this.#decide(endpoint, reading, raw.length);
    if (decision.verdict !== 'allow') return this.#denied(endpoint, reading, decision);
    const scrubbed = this.#scrub(this.#dialect.restoreHistory(reading.body, (id) => this.#firewall.deniedCall(id)));
    if (isRefusal(scrubbed))
      return this.#denied(endpoint, reading, { verdict: 'deny', rule: scrubbed.rule, reason: scrubbed.message });
    const expected = expectationOf(endpoint, reading, raw.length);
    const reservation = this.#budget.reserve(reading.model, expected);
    if ('unit' in reservation) return this.#exhausted(reservation);

    await this.#firewall.recordResults(reading.results);
    const { body, redactions, fresh, remember } = scrubbed;
    const bytes = body === reading.original ? raw : Buffer.from(JSON.stringify(body), 'utf8');
    const event = this.#describe(endpoint, reading, decision, { bytes: bytes.length, redactions });
    const recorded = this.#context.record(event, { durable: true });
    // Counted while the disk works.
    remember();
    this.#context.flows.add(this.#destination, { requests: 1, bytesOut: bytes.length, redactions: redactions.length });
    for (const text of fresh) this.#context.flows.disclosed(this.#destination, text);
    // Whoever sends the request waits for it too, and refuses when it fails.
    recorded.catch(() => undefined);
    return { body: bytes, reading, expected, reservation, recorded };
  }

  #read(raw: Buffer): (RequestReading & { readonly original: JsonObject }) | ModelRefusal {
    const parsed = parseStrictJson(raw);
    if (!parsed.ok) return refuse(400, 'malformed-body', `the request's body cannot be judged (${parsed.reason})`);
    if (!isObject(parsed.value)) return refuse(400, 'malformed-body', `the request's body is not an object`);
    const reading = this.#dialect.readRequest(parsed.value, this.#allowedHosted());
    if (typeof reading === 'string') return refuse(400, 'malformed-body', reading);
    return { ...reading, original: parsed.value };
  }

  #allowedHosted(): readonly string[] {
    const { hostedTools } = this.#context.policy.model;
    return hostedTools === 'off' ? [] : hostedTools;
  }

  #decide(endpoint: Endpoint, reading: RequestReading, bytes: number): Decision {
    const { model, hostedTools, urlInputs } = reading;
    const action: ModelAction = {
      plane: 'model',
      provider: this.#dialect.provider,
      endpoint: endpoint.path,
      model,
      hostedTools,
      urlInputs,
      bytes,
    };
    return this.#context.decide(action);
  }

  #scrub(body: JsonObject): Scrubbed | ModelRefusal {
    const { sentinel } = this.#context;
    const { texts, remember } = this.#clean.fresh(body);
    if (sentinel.find(Buffer.from(texts.join('\n'), 'utf8')).length === 0)
      return { body, redactions: [], fresh: texts, remember };
    const { value, hits } = redactJson(body, sentinel);
    // Found in the whole but in none of its strings, or still there: somebody cut it into pieces.
    if (hits.length === 0 || !isObject(value) || sentinel.find(Buffer.from(JSON.stringify(value), 'utf8')).length > 0)
      return refuse(403, 'known-secret', 'the request carries a secret in pieces');
    return { body: value, redactions: hits, fresh: texts, remember: () => undefined };
  }

  async #denied(endpoint: Endpoint, reading: RequestReading, decision: Decision): Promise<ModelRefusal> {
    await this.#refusals.record(this.#describe(endpoint, reading, decision, { bytes: 0, redactions: [] }));
    const hosted =
      reading.hostedTools.length > 0 ? ` (runs on the provider's side: ${reading.hostedTools.join(', ')})` : '';
    return refuse(403, decision.rule, `this model request is refused: ${decision.reason}${hosted}`);
  }

  async #exhausted({ unit, used, limit }: Exhaustion): Promise<ModelRefusal> {
    const amount = unit === 'usd' ? `${used.toFixed(2)} of ${limit} US dollars` : `${used} of ${limit} ${unit}`;
    const reason = `the run's budget of ${unit === 'usd' ? 'money' : unit} is used up (${amount}); retrying does not help`;
    await this.#refusals.record({
      kind: 'budget',
      subject: { unit, used, limit },
      decision: { verdict: 'deny', rule: `budget.${unit}`, reason, policy: this.#context.policy.digest },
    });
    return refuse(403, `budget.${unit}`, reason);
  }

  #describe(
    endpoint: Endpoint,
    { model, stripped, hostedTools, urlInputs }: RequestReading,
    { verdict, rule, reason }: Decision,
    { bytes, redactions }: { readonly bytes: number; readonly redactions: readonly string[] },
  ) {
    const destination = this.#destination;
    return {
      kind: 'model.request',
      subject: {
        destination,
        endpoint: endpoint.path,
        model,
        bytes,
        strippedTools: stripped,
        hostedTools,
        urlInputs,
        redactions,
      },
      decision: { verdict, rule, reason, policy: this.#context.policy.digest },
    } as const satisfies LedgerEvent;
  }
}

/** Only what generates an answer costs. */
function expectationOf(
  { kind }: Endpoint,
  { maxTokens, inlineBytes, isFast }: RequestReading,
  bytes: number,
): Expectation {
  if (kind !== 'generate') return { inputTokens: 0, maxTokens: 0 };
  return { inputTokens: tokensIn(bytes - inlineBytes), maxTokens, isFast };
}
