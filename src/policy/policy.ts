import type { Action, Decision, SessionState } from './action.ts';
import type { CarryOver, ForgeReviews, SignedDemand } from './document.ts';
import type { HideList } from './hidden-files.ts';

/** Units are in the names. Every limit has a value: an absent one takes the default. */
export interface Limits {
  readonly processes: number;
  readonly memoryMiB: number;
  readonly diskMiB: number;
  readonly inodes: number;
  readonly openFiles: number;
  readonly outputMiB: number;
  readonly seconds: number;
  /** Largest patch that is handed out. */
  readonly patchFiles: number;
  readonly patchMiB: number;
}

/** A host the sandbox may reach, after registry kinds (`npm`, `pypi`, …) were resolved to hosts. */
export interface NetworkGrant {
  readonly id: string;
  /** `example.org`, `*.example.org`, or an IP literal. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** `inspect` ends TLS at the broker; `tunnel` checks the ClientHello only. Rules with methods or paths always inspect. */
  readonly tls: 'inspect' | 'tunnel';
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  readonly maxBytesOut?: number;
  /** Address pinned by the policy; the only way to reach a private or loopback address. */
  readonly address?: string;
  /** PEM file with the authority of a private upstream. */
  readonly caFile?: string;
}

/** A credential that stays outside; inside there is a placeholder of the same shape. */
export interface SecretGrant {
  readonly name: string;
  /** Environment variable inside that holds the placeholder. */
  readonly env: string;
  /** Where the broker finds the real value. */
  readonly from: { readonly env: string } | { readonly file: string };
  /** `host:port` values at which the placeholder is exchanged for the real value. */
  readonly hosts: readonly string[];
  /** The header in which it is exchanged, lower-case. */
  readonly header: string;
}

export interface ModelGrant {
  readonly provider: 'anthropic';
  /** Base URL of the provider or of a self-hosted gateway. */
  readonly upstream: string | undefined;
  readonly caFile?: string;
  /** Environment variable (outside) with the real key; default by provider. */
  readonly keyEnv: string;
  /** Model name patterns (`*` only). */
  readonly allow: readonly string[];
  /** `off`, or the provider-hosted tools that are allowed. */
  readonly hostedTools: 'off' | readonly string[];
  readonly urlInputs: 'off' | 'on';
  readonly maxRequests: number;
  readonly maxTokens: number;
  /** US dollars; undefined when no limit in money is set. */
  readonly maxUsd: number | undefined;
}

/** What stands in place of a hidden file: an empty file, a look-alike with honeytokens, or nothing. */
export type HiddenForm = 'empty' | 'decoy' | 'absent';

/** How the agent's output reaches the job: as it is but for what a log would obey, or also inert to a shell. */
export type OutputForm = 'text' | 'inert';

export interface WorkspaceGrant {
  /** Files that are not copied in (untracked secrets): what one of the lists hides, an organisation's or ours. */
  readonly hide: readonly HideList[];
  readonly hidden: HiddenForm;
  /** Extra host paths that are visible read-only inside, at the same place. */
  readonly readOnly: readonly string[];
}

/** The effective policy: organisation ∧ repository ∧ built-in floor, compiled and checked. Immutable. */
export interface Policy {
  readonly agent: string | undefined;
  /** Where each layer came from, for the report: `built-in default for claude-code`, `sallyport.yaml@main`. */
  readonly origins: readonly string[];
  /** SHA-256 (hex) of the canonical form; goes into every record. */
  readonly digest: string;
  readonly limits: Limits;
  readonly network: readonly NetworkGrant[];
  readonly secrets: readonly SecretGrant[];
  readonly model: ModelGrant;
  readonly workspace: WorkspaceGrant;
  readonly output: OutputForm;
  readonly forgeReviews: ForgeReviews;
  readonly carryOver: CarryOver;
  /** All of them hold. */
  readonly signed: readonly SignedDemand[];
  /** The one decision function. Pure: same policy, action and state give the same decision. */
  decide(action: Action, state: SessionState): Decision;
  /** The state after this action was decided; labels and counters only ever grow. */
  advance(state: SessionState, action: Action, decision: Decision): SessionState;
}

export const INITIAL_STATE: SessionState = { labels: { untrusted: false, secret: false }, counters: {} };
