import type { LedgerEvent, RecordedDecision } from '../../ledger/index.ts';
import type { Decision } from '../../policy/index.ts';
import type { JsonObject } from '../../system/index.ts';
import { truncateMiddle } from '../../text/index.ts';
import type { BrokerContext } from '../context.ts';
import { type Authority, formatAuthority } from './authority.ts';
import { Refusal } from './refusal.ts';

/** What a request or connection is about, as it stands in the record. */
export interface Subject {
  readonly target: Authority | undefined;
  /** `tunnel`, `inspected` or `plain`. */
  readonly passage: 'tunnel' | 'inspected' | 'plain';
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  /** The target as spelled, when it is no authority. */
  readonly spelled?: string | undefined;
}

/** The same refusal beyond this many times is only counted: hammering at a wall must stay cheap and short to read. */
const MAX_EQUAL_REFUSALS = 20;
const MAX_DISTINCT_REFUSALS = 1024;
const MAX_TEXT = 256;

/** Writes the records of the egress gate and meters its flows. */
export class TrafficLog {
  readonly #context: BrokerContext;
  readonly #refusals = new Map<string, number>();
  #uncounted = 0;
  #failure: string | undefined;

  constructor(context: BrokerContext) {
    this.#context = context;
  }

  /** Resolves when the record is on disk; with a refusal when it cannot be: then nothing may leave. */
  allow(subject: Subject, decision: Decision, observed: JsonObject): Promise<Refusal | undefined> {
    const decided = this.#decided(decision);
    return this.#must({ kind: 'network.request', subject: this.#describe(subject), decision: decided, observed });
  }

  /** Record a refusal without waiting: nothing was let through that depended on it. */
  refuse(subject: Subject, refusal: Refusal, observed: JsonObject = {}): void {
    const destination = subject.target ? formatAuthority(subject.target) : 'malformed';
    this.#context.flows.add(destination, { refused: 1 });
    const key = `${destination} ${refusal.code}`;
    const count = (this.#refusals.get(key) ?? 0) + 1;
    if (count > MAX_EQUAL_REFUSALS || (count === 1 && this.#refusals.size >= MAX_DISTINCT_REFUSALS)) {
      this.#uncounted++;
      return;
    }
    this.#refusals.set(key, count);
    const decision = { verdict: 'deny', rule: refusal.rule, reason: this.#clean(refusal.message) } as const;
    void this.#try({
      kind: 'network.request',
      subject: this.#describe(subject),
      decision: this.#decided(decision),
      observed: { refused: refusal.code, ...observed },
    });
  }

  close(subject: Subject, observed: JsonObject): void {
    void this.#try({ kind: 'network.close', subject: this.#describe(subject), observed });
  }

  async useCredentials(names: readonly string[], target: Authority): Promise<Refusal | undefined> {
    for (const name of names) {
      const subject = { name, host: target.host, port: target.port };
      const failure = await this.#must({ kind: 'credential.use', subject });
      if (failure) return failure;
    }
    return undefined;
  }

  /** The count of refusals that were too many to record one by one; called once, at the end. */
  async finish(): Promise<void> {
    if (this.#uncounted === 0) return;
    await this.#try({ kind: 'limit', subject: { limit: 'egress refusals', count: this.#uncounted } });
  }

  async #must(event: LedgerEvent): Promise<Refusal | undefined> {
    try {
      if (this.#failure === undefined) await this.#context.record(event, { durable: true });
    } catch (error) {
      this.#failure = nameOf(error);
    }
    if (this.#failure === undefined) return undefined;
    return new Refusal('not-recorded', `the run's log cannot take the record (${this.#failure})`);
  }

  /** Nobody waits for these records; a log that fails to take one stops the next request instead. */
  async #try(event: LedgerEvent): Promise<void> {
    try {
      await this.#context.record(event);
    } catch (error) {
      this.#failure = nameOf(error);
    }
  }

  #describe({ target, passage, method, path, spelled }: Subject): JsonObject {
    return {
      passage,
      ...(target ? { host: target.host, port: target.port } : {}),
      ...(method === undefined ? {} : { method: this.#clean(method) }),
      ...(path === undefined ? {} : { path: this.#clean(path) }),
      ...(spelled === undefined ? {} : { spelled: this.#clean(spelled) }),
    };
  }

  #decided({ verdict, rule, reason }: Decision): RecordedDecision {
    return { verdict, rule, reason, policy: this.#context.policy.digest };
  }

  #clean(text: string): string {
    return truncateMiddle(this.#context.sentinel.redactText(text), MAX_TEXT);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}
