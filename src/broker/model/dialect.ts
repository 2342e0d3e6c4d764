import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '../../system/index.ts';
import type { RedactingStream } from '../../text/index.ts';
import type { SseEvent } from './sse.ts';

/** A place of the provider's API that a run needs. */
export interface Endpoint {
  readonly path: string;
  /** `local` is answered by the broker itself, `generate` may return tool calls, `count` only counts. */
  readonly kind: 'local' | 'generate' | 'count';
}

/** Tokens as the provider counted them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** Written to the cache, whatever its lifetime. */
  readonly cacheWriteTokens: number;
  /** The part of `cacheWriteTokens` that is kept for an hour and costs more. */
  readonly cacheWriteLongTokens: number;
}

export interface ToolResult {
  readonly id: string;
  readonly isError: boolean;
  readonly content: JsonValue;
}

/** What a request says, in words that do not depend on the dialect. */
export interface RequestReading {
  readonly model: string;
  readonly maxTokens: number;
  /** Whether it asks for an answer at a higher speed and price. */
  readonly isFast: boolean;
  /** Bytes of images and the like that stand in the request itself: they say nothing about its tokens. */
  readonly inlineBytes: number;
  /** The request without the provider-hosted tools that the policy does not allow. */
  readonly body: JsonObject;
  /** Kinds of the hosted tools that were offered and are not in `body` any more. */
  readonly stripped: readonly string[];
  /** Kinds of what is left in `body` and would run or connect on the provider's side. */
  readonly hostedTools: readonly string[];
  readonly urlInputs: number;
  readonly toolNames: ReadonlySet<string>;
  readonly results: readonly ToolResult[];
}

/** A tool call as the model wrote it; `problem` says why it cannot be judged, and then it is denied. */
export interface WrittenCall {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject | undefined;
  readonly problem?: string;
}

/** The ruling on one call: released as it is, or replaced by a call of a tool that no agent has. */
export type Ruling =
  | { readonly verdict: 'release' }
  | { readonly verdict: 'replace'; readonly name: string; readonly input: JsonObject };

/** Decides and records one call; resolves when the record is on disk. */
export type Judge = (call: WrittenCall) => Promise<Ruling>;

/** A call that was denied, as it must stand in the history that the model sees. */
export interface DeniedCall {
  readonly name: string;
  readonly input: JsonObject;
  /** What the model reads in place of the agent's own answer. */
  readonly refusal: string;
}

/** What the agent may receive for one event; `cut` ends the stream with that reason. */
export interface Passage {
  readonly bytes: readonly Buffer[];
  readonly cut?: string;
}

export interface ResponseSummary {
  readonly usage: Usage | undefined;
  /** Bytes of text that the model wrote, where the answer came in parts. */
  readonly writtenBytes?: number;
  readonly stopReason: string | undefined;
}

/** Holds back the tool calls of one streamed response until they are judged; everything else passes unchanged. */
export interface StreamFirewall {
  /** A promise only when something must be judged: text does not wait. */
  push(event: SseEvent): Passage | Promise<Passage>;
  /** The stream is over: calls that never ended are denied. */
  end(): Promise<Passage>;
  summary(): ResponseSummary;
}

export interface JudgedMessage extends ResponseSummary {
  readonly value: JsonObject;
  readonly changed: boolean;
  readonly cut?: string;
}

/** What a response firewall needs to know of its request. */
export interface ResponseTerms {
  readonly judge: Judge;
  /** Hosted tools the policy allows, by kind. */
  readonly hostedTools: readonly string[];
  /** A new scan for secrets in text that comes in pieces. */
  readonly scan: () => RedactingStream;
}

/**
 * One provider's wire format. Everything else in this room (budget, secrets, records, the firewall's decisions) is the
 * same for all of them; a new provider is a new object of this shape.
 */
export interface ModelDialect {
  readonly provider: string;
  /** Undefined: a run has no need of this method and path. */
  endpoint(method: string, path: string): Endpoint | undefined;
  /** Lower-case names of headers that carry a credential of this provider. */
  readonly credentialHeaders: ReadonlySet<string>;
  presentedCredentials(headers: IncomingHttpHeaders): readonly string[];
  authorise(key: string): readonly [name: string, value: string];
  /** A string says why the body cannot be judged. */
  readRequest(body: JsonObject, hostedTools: readonly string[]): RequestReading | string;
  /** Puts denied calls back as the model wrote them, each with the refusal as its result. */
  restoreHistory(body: JsonObject, deniedCall: (id: string) => DeniedCall | undefined): JsonObject;
  openStream(terms: ResponseTerms): StreamFirewall;
  judgeMessage(message: JsonObject, terms: ResponseTerms): Promise<JudgedMessage>;
  /** The body of an error in the provider's own shape, so that its clients understand it. */
  errorBody(status: number, message: string): JsonObject;
  /** The same as an event of a stream. */
  errorEvent(message: string): Buffer;
  keepAliveEvent(): Buffer;
}
