import type { DestinationFlow } from '../broker/index.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import type { KnownSecret } from '../text/index.ts';
import type { PolicySource } from './policy-source.ts';

/** A credential with its real value: exists only in the supervisor's and the broker's memory. */
export interface BrokerCredential {
  readonly name: string;
  readonly placeholder: string;
  readonly real: string;
  readonly hosts: readonly string[];
  readonly header: string;
}

/** Everything the broker process needs, sent once over its private channel: never by argument, environment or file. */
export interface BrokerStart {
  readonly socketPath: string;
  readonly nonce: string;
  readonly policy: PolicySource;
  readonly credentials: readonly BrokerCredential[];
  readonly secrets: readonly KnownSecret[];
  readonly model: {
    readonly dialect: 'anthropic-messages';
    readonly upstream: string;
    readonly realKey: string | undefined;
    readonly placeholder: string;
    readonly caPem: string | undefined;
  };
  /** PEM of each authority that the policy names for a host, by its path: the broker's identity may not read it. */
  readonly roots: { readonly [file: string]: string };
  readonly agent: string;
  readonly workspace: string;
}

export type ToBroker =
  | { readonly type: 'start'; readonly start: BrokerStart }
  | { readonly type: 'recorded'; readonly id: number; readonly sequence: number }
  | { readonly type: 'not-recorded'; readonly id: number; readonly reason: string }
  | { readonly type: 'finish' };

export type FromBroker =
  | { readonly type: 'listening'; readonly authorityPem: string | undefined }
  | { readonly type: 'record'; readonly id: number; readonly event: LedgerEvent; readonly durable: boolean }
  | { readonly type: 'finished'; readonly flows: readonly DestinationFlow[] }
  | { readonly type: 'failed'; readonly message: string };
