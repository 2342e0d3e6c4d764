import type { LedgerEvent } from '../ledger/index.ts';
import type { Action, Decision, Policy } from '../policy/index.ts';
import type { Clock, RandomBytes } from '../system/index.ts';
import type { SecretSentinel } from '../text/index.ts';

/** A destination data left for, as a person names it: `api.anthropic.com:443`. */
export type Destination = string;

export interface FlowDelta {
  readonly requests?: number;
  readonly bytesOut?: number;
  readonly bytesIn?: number;
  readonly redactions?: number;
  readonly refused?: number;
}

/** Counts what left for whom and remembers fingerprints of the lines that did. */
export interface FlowMeter {
  add(destination: Destination, delta: FlowDelta): void;
  /** Text that left, to be matched against workspace files after the run. */
  disclosed(destination: Destination, text: string): void;
}

/** What every part of the broker shares for one run. */
export interface BrokerContext {
  readonly policy: Policy;
  /** Decides with the session's state and advances it in one step, so that parallel requests cannot exceed a counter. */
  decide(action: Action): Decision;
  /** Adds a record; with `durable` it is on disk when this resolves. A rejection means: refuse the request. */
  record(event: LedgerEvent, options?: { readonly durable?: boolean }): Promise<void>;
  readonly sentinel: SecretSentinel;
  readonly flows: FlowMeter;
  readonly clock: Clock;
  readonly random: RandomBytes;
}
