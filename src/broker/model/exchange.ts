import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from '../../system/index.ts';
import type { BrokerContext, Destination } from '../context.ts';
import type {
  Endpoint,
  ModelDialect,
  Passage,
  ResponseSummary,
  ResponseTerms,
  StreamFirewall,
  Usage,
} from './dialect.ts';
import { NOTHING_USED, tokensIn, unfinishedUsage } from './estimate.ts';
import { returnedHeaders } from './headers.ts';
import { costOf } from './prices.ts';
import { redactJson } from './redaction.ts';
import { isRefusal, type ModelRefusal, refuse } from './refusal.ts';
import type { ClearedRequest } from './request-gate.ts';
import { formatSseEvent, type SseEvent, SseReader } from './sse.ts';
import { parseStrictJson, parseStrictJsonText } from './strict-json.ts';
import type { Watchdog } from './watchdog.ts';

/** A whole response or a single event larger than this is not passed on. */
const MAX_RESPONSE_BYTES = 32 << 20;
/** A client must not take a held call for a dead connection. */
const KEEP_ALIVE_MILLISECONDS = 5000;

/** How the response ended, as it stands in the record. */
interface Ending extends ResponseSummary {
  readonly outcome: 'complete' | 'cut' | 'client-gone' | 'provider-gone' | 'timeout';
  readonly reason?: string;
}

/** What the response half of one request works with. */
export interface ExchangeParts {
  readonly context: BrokerContext;
  readonly dialect: ModelDialect;
  readonly destination: Destination;
  readonly endpoint: Endpoint;
  readonly request: ClearedRequest;
  readonly terms: ResponseTerms;
  readonly watchdog: Watchdog;
  /** When the request was sent. */
  readonly began: number;
}

/** Passes one response of the provider to the client: without secrets, with every tool call judged. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #incoming: IncomingMessage;
  readonly #client: ServerResponse;
  #bytesIn = 0;
  #redactions = 0;
  #lastWrite = 0;
  /** Judged bytes that were not written yet. */
  readonly #outbox: Buffer[] = [];

  constructor(parts: ExchangeParts, incoming: IncomingMessage, client: ServerResponse) {
    this.#parts = parts;
    this.#incoming = incoming;
    this.#client = client;
  }

  /** Returns a refusal when nothing was written yet and the client must be told why. */
  async relay(): Promise<ModelRefusal | undefined> {
    const { statusCode = 502, headers } = this.#incoming;
    const refusal = this.#refuseHead(statusCode, headers['content-encoding'], headers.location);
    if (refusal) {
      this.#incoming.destroy();
      await this.#finish({ outcome: 'cut', reason: refusal.message, usage: undefined, stopReason: undefined });
      return refusal;
    }
    const isStream = statusCode < 300 && /^text\/event-stream\b/i.test(headers['content-type'] ?? '');
    return isStream ? this.#relayStream(statusCode) : this.#relayWhole(statusCode);
  }

  #refuseHead(status: number, encoding: string | undefined, location: string | undefined): ModelRefusal | undefined {
    if (status >= 300 && status < 400)
      return refuse(502, 'redirect', 'the provider answered with a redirect, which is not followed');
    if (location !== undefined)
      return refuse(502, 'redirect', 'the provider answered with a location, which is not followed');
    if (encoding !== undefined && !/^identity$/i.test(encoding))
      return refuse(502, 'encoding', `the provider compressed its answer although it was asked not to`);
    return undefined;
  }

  async #relayStream(status: number): Promise<undefined> {
    const { dialect, terms } = this.#parts;
    const firewall = dialect.openStream(terms);
    this.#writeHead(status);
    // In case the provider's first event takes its time; else the head leaves together with it.
    setImmediate(() => this.#client.flushHeaders());
    let ending: Omit<Ending, keyof ResponseSummary>;
    try {
      const cut = await this.#pump(firewall);
      ending = cut === undefined ? { outcome: 'complete' } : await this.#cutStream('cut', cut);
    } catch (error) {
      ending = await this.#brokenStream(error);
    }
    this.#client.end();
    await this.#finish({ ...ending, ...firewall.summary() });
    return undefined;
  }

  /** Events in, judged events out. Returns why the stream must end early, if it must. */
  async #pump(firewall: StreamFirewall): Promise<string | undefined> {
    const reader = new SseReader(MAX_RESPONSE_BYTES);
    for await (const chunk of this.#chunks()) {
      const events = reader.push(chunk);
      if (events.length > 0) this.#parts.watchdog.progress();
      for (const event of this.#scrubEvents(events)) {
        const passing = this.#passEvent(firewall, event);
        const cut = passing instanceof Promise ? await passing : passing;
        if (cut !== undefined) return cut;
      }
      await this.#flush();
    }
    const last = reader.end();
    const cut = last && (await this.#passEvent(firewall, this.#scrubEvent(last)));
    if (cut !== undefined) return cut;
    const rest = await firewall.end();
    this.#outbox.push(...rest.bytes);
    await this.#flush();
    return rest.cut;
  }

  /** Why the stream must end, if it must; a promise only when something is judged. */
  #passEvent(firewall: StreamFirewall, event: SseEvent): string | undefined | Promise<string | undefined> {
    if (event.stray) return this.#flush().then(() => 'the provider sent lines that belong to no event');
    const passage = firewall.push(event);
    if (passage instanceof Promise) return this.#awaitPassage(passage);
    this.#outbox.push(...passage.bytes);
    return passage.cut === undefined ? undefined : this.#flush().then(() => passage.cut);
  }

  async #awaitPassage(judged: Promise<Passage>): Promise<string | undefined> {
    // A judgement takes as long as the disk: what came before it must not wait.
    await this.#flush();
    const { bytes, cut } = await judged;
    this.#outbox.push(...bytes);
    if (cut !== undefined) await this.#flush();
    return cut;
  }

  /** Everything that is not a stream is judged whole: answers, token counts, errors. */
  async #relayWhole(status: number): Promise<ModelRefusal | undefined> {
    const whole = await this.#readWhole();
    if (isRefusal(whole)) {
      await this.#finish({ outcome: 'cut', reason: whole.message, usage: undefined, stopReason: undefined });
      return whole;
    }
    const judged = await this.#judgeWhole(status, whole);
    if (isRefusal(judged)) {
      await this.#finish({ outcome: 'cut', reason: judged.message, usage: undefined, stopReason: undefined });
      return judged;
    }
    this.#writeHead(status, judged.body.length);
    this.#client.end(judged.body);
    await this.#finish({ outcome: 'complete', ...judged.summary });
    return undefined;
  }

  async #readWhole(): Promise<Buffer | ModelRefusal> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of this.#chunks()) {
        chunks.push(chunk);
        if (this.#bytesIn > MAX_RESPONSE_BYTES)
          return refuse(502, 'response-size', 'the answer of the provider is too large');
      }
    } catch {
      return this.#parts.watchdog.expired
        ? refuse(504, 'provider-timeout', 'the provider did not finish its answer in time')
        : refuse(502, 'provider-gone', 'the connection to the provider broke');
    }
    return Buffer.concat(chunks);
  }

  async #judgeWhole(status: number, whole: Buffer): Promise<{ body: Buffer; summary: ResponseSummary } | ModelRefusal> {
    const { context, dialect, endpoint, terms } = this.#parts;
    const none: ResponseSummary = { usage: undefined, stopReason: undefined };
    const parsed = parseStrictJson(whole);
    const isAnswer = status < 300 && endpoint.kind === 'generate';
    if (!parsed.ok || !isObject(parsed.value)) {
      if (isAnswer) return refuse(502, 'malformed-answer', 'the provider sent an answer that is not plain JSON');
      const { bytes, hits } = context.sentinel.redact(whole);
      this.#redactions += hits.length;
      return { body: bytes, summary: none };
    }
    // Judged as the provider wrote it: a call without its secret would be another call.
    const judged = isAnswer
      ? await dialect.judgeMessage(parsed.value, terms)
      : { ...none, value: parsed.value, changed: false };
    if (judged.cut !== undefined) return refuse(502, 'provider-protocol', judged.cut);
    const { value, hits } = redactJson(judged.value, context.sentinel);
    this.#redactions += hits.length;
    const body = judged.changed || hits.length > 0 ? Buffer.from(JSON.stringify(value), 'utf8') : whole;
    if (context.sentinel.find(body).length > 0)
      return refuse(502, 'known-secret', 'the answer carries a secret in pieces');
    return { body, summary: judged };
  }

  /** Events that came together are looked at together: a secret in one of them is one in all of them. */
  #scrubEvents(events: readonly SseEvent[]): readonly SseEvent[] {
    const { sentinel } = this.#parts.context;
    if (sentinel.findEncoded(Buffer.concat(events.map(({ raw }) => raw))).length === 0) return events;
    return events.map((event) => this.#scrubEvent(event));
  }

  /** The event without known secrets; the same object when there are none. */
  #scrubEvent(event: SseEvent): SseEvent {
    const { sentinel } = this.#parts.context;
    const found = sentinel.redact(event.raw);
    if (found.hits.length === 0) return event;
    this.#redactions += found.hits.length;
    const parsed = event.data === undefined ? undefined : parseStrictJsonText(event.data);
    if (!parsed?.ok || !isObject(parsed.value)) return redactedEvent(found.bytes);
    const { value, hits } = redactJson(parsed.value, sentinel);
    // Seen in the bytes but in no string: what is left of the event may not be JSON, and then the firewall ends it.
    if (hits.length === 0 || !isObject(value)) return redactedEvent(found.bytes);
    return redactedEvent(formatSseEvent(typeof value['type'] === 'string' ? value['type'] : 'message', value));
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#incoming) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      this.#bytesIn += bytes.length;
      yield bytes;
    }
  }

  /** Writes what came together in one piece; while a call is held, a sign of life from time to time. */
  async #flush(): Promise<void> {
    const now = this.#parts.context.clock.now();
    if (this.#outbox.length === 0) {
      if (this.#lastWrite === 0 || now - this.#lastWrite < KEEP_ALIVE_MILLISECONDS) return;
      this.#outbox.push(this.#parts.dialect.keepAliveEvent());
    }
    this.#lastWrite = now;
    const flushed = this.#client.write(Buffer.concat(this.#outbox));
    this.#outbox.length = 0;
    if (!flushed && !this.#client.destroyed) await drained(this.#client, this.#parts.watchdog.signal);
  }

  async #cutStream(
    outcome: Ending['outcome'],
    reason: string,
  ): Promise<{ outcome: Ending['outcome']; reason: string }> {
    this.#incoming.destroy();
    if (!this.#client.destroyed)
      this.#client.write(this.#parts.dialect.errorEvent(`Sallyport ended the answer: ${reason}.`));
    return { outcome, reason };
  }

  async #brokenStream(error: unknown): Promise<{ outcome: Ending['outcome']; reason: string }> {
    const { watchdog } = this.#parts;
    if (watchdog.expired && this.#client.writableNeedDrain) {
      this.#client.destroy();
      return { outcome: 'timeout', reason: 'the client did not take the answer' };
    }
    if (watchdog.expired) return this.#cutStream('timeout', 'the provider sent nothing complete for too long');
    if (watchdog.signal.aborted) return { outcome: 'client-gone', reason: 'the client closed the connection' };
    if (error instanceof RangeError) return this.#cutStream('cut', error.message);
    if (!this.#incoming.errored) return this.#cutStream('cut', 'a tool call could not be recorded');
    return this.#cutStream('provider-gone', 'the connection to the provider broke');
  }

  #writeHead(status: number, length?: number): void {
    const { sentinel } = this.#parts.context;
    const headers = returnedHeaders(this.#incoming.rawHeaders);
    // Looked at together first: what is clean as one text is clean in each of its parts.
    const isClean = sentinel.findEncoded(Buffer.from(headers.flat().join('\n'), 'utf8')).length === 0;
    const shown = headers.map(([name, value]) => [name, isClean ? value : sentinel.redactText(value)]);
    if (length !== undefined) shown.push(['Content-Length', String(length)]);
    this.#client.writeHead(status, shown.flat());
  }

  async #finish(ending: Ending): Promise<void> {
    const { outcome, reason, usage, stopReason } = ending;
    const { context, destination, endpoint, request } = this.#parts;
    const { statusCode = 0 } = this.#incoming;
    // With the reason why it ended comes the last count; who hangs up after that has heard it all.
    const counted = outcome === 'complete' || stopReason !== undefined ? usage : undefined;
    const charged = counted ?? this.#estimate(statusCode, ending);
    request.reservation.settle(charged);
    context.flows.add(destination, { bytesIn: this.#bytesIn, redactions: this.#redactions });
    await context.record({
      kind: 'model.response',
      subject: { destination, endpoint: endpoint.path, model: request.reading.model },
      observed: {
        status: statusCode,
        bytes: this.#bytesIn,
        outcome,
        ...(reason === undefined ? {} : { reason }),
        ...(stopReason === undefined ? {} : { stopReason }),
        redactions: this.#redactions,
        usage: {
          ...charged,
          usd: costOf(request.reading.model, charged, request.reading.isFast),
          estimated: counted === undefined,
        },
      },
    });
  }

  /** What an answer must have cost that the provider did not count to its end. Errors and counts cost nothing. */
  #estimate(status: number, { outcome, usage, writtenBytes = this.#bytesIn }: Ending): Usage {
    const { context, began, endpoint, request } = this.#parts;
    if (status >= 300 || endpoint.kind !== 'generate') return NOTHING_USED;
    const elapsed = outcome === 'complete' ? 0 : context.clock.now() - began;
    return unfinishedUsage(request.expected, elapsed, usage, tokensIn(writtenBytes));
  }
}

function redactedEvent(bytes: Buffer): SseEvent {
  const reader = new SseReader(Number.POSITIVE_INFINITY);
  const event = reader.push(bytes)[0] ?? reader.end() ?? { raw: bytes, data: undefined, name: undefined, stray: false };
  return { ...event, redacted: true };
}

/** Resolves when the client has taken what was written, is gone, or took too long. */
function drained(client: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      client.off('drain', done);
      client.off('close', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    client.on('drain', done);
    client.on('close', done);
    signal.addEventListener('abort', done);
  });
}
