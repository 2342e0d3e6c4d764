import type { JsonObject } from '../system/index.ts';

/** What a record is about. `docs/formats/ledger.md` lists the fields of each kind. */
export type RecordKind =
  | 'sandbox.proof'
  | 'run.start'
  | 'workspace.staged'
  | 'model.request'
  | 'model.response'
  | 'tool.call'
  | 'tool.result'
  | 'network.request'
  | 'network.close'
  | 'credential.use'
  | 'file.change'
  | 'agent.report'
  | 'budget'
  | 'limit'
  | 'output'
  | 'capture.gap'
  | 'sandbox.teardown'
  | 'run.final';

export interface RecordedDecision {
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly reason: string;
  readonly policy: string;
}

/** Whether what the agent said and what was seen from outside agree. */
export type Agreement = 'match' | 'mismatch' | 'unobserved';

/** One thing that happened: what was decided, what the agent reported, what was observed from outside, and whether they agree. */
export interface LedgerEvent {
  readonly kind: RecordKind;
  readonly subject: JsonObject;
  readonly decision?: RecordedDecision;
  readonly reported?: JsonObject;
  readonly observed?: JsonObject;
  readonly agreement?: Agreement;
  /**
   * Content that must not stand in the record itself. The record carries a salted commitment (HMAC-SHA-256);
   * the salt is kept beside the log, so that deleting it erases the content and leaves every proof valid.
   */
  readonly committed?: { readonly [name: string]: string | Uint8Array };
}

/** Whoever may add to the run's log. The broker holds one that goes through the supervisor. */
export interface Recorder {
  /** Resolves when the record has its place; with `durable`, when it is on disk. Rejects when the log cannot take it. */
  record(event: LedgerEvent, options?: { readonly durable?: boolean }): Promise<{ readonly sequence: number }>;
}
