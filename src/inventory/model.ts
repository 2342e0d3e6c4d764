import type { ProductId } from '../agents/index.ts';
import type { Certainty } from '../facts/index.ts';
import type { CredentialClass } from '../pipelines/index.ts';
import type { ObservedRun } from './observed/observed-run.ts';

/** Where something stands, as a person and a program both read it. Lines and columns count from one. */
export interface Location {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** On whose side of the boundary something stands; the values of CycloneDX `trustZone`. */
export type TrustZone = 'first-party' | 'ci' | 'third-party' | 'public';

/** What kind of data crosses a boundary. */
export type DataClass = 'source-code' | 'secret' | 'pii' | 'prompt' | 'telemetry';

/** Data that goes between an agent and a service. `outbound` leaves the agent. */
export interface DataFlow {
  readonly direction: 'inbound' | 'outbound';
  readonly classification: DataClass;
  /** `yes`: it goes there by design. `unknown`: nothing keeps it from going there. */
  readonly certainty: Certainty;
  readonly why: string;
}

export type ServiceKind =
  | 'model'
  | 'mcp'
  | 'forge'
  | 'registry'
  | 'webhook'
  | 'telemetry'
  | 'download'
  | 'upload'
  | 'any-host';

/** Something outside the agent that it, or a program beside it, talks to. */
export interface Service {
  /** Unique within an agent: `model:anthropic`, `mcp:tickets`, `registry:npm`. */
  readonly key: string;
  readonly kind: ServiceKind;
  readonly name: string;
  /** Hosts that are known by name; none for a registry, whose address the machine's own package client decides. */
  readonly hosts: readonly string[];
  readonly zone: TrustZone;
  /** Whether a credential is shown there. */
  readonly authenticated: Certainty;
  readonly origin: Provenance | undefined;
  readonly flows: readonly DataFlow[];
  readonly at: Location | undefined;
}

/** Where a model, a package or a text comes from, as far as the files state it. */
export interface Provenance {
  readonly kind: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly pinned: boolean;
  /** As the file states it; `undefined` when nothing does. */
  readonly licence: string | undefined;
  readonly publisher: string | undefined;
}

/** How firmly a version is fixed: `pinned` by digest or exact version, `movable` by tag or branch, `unpinned` by nothing. */
export type PinState = 'pinned' | 'movable' | 'unpinned' | 'unknown';

export interface Pin {
  readonly state: PinState;
  readonly text: string | undefined;
}

/** A model as named by the files; `name` is undefined when the product chooses. */
export interface ModelUse {
  readonly name: string | undefined;
  readonly provider: string | undefined;
  readonly pinned: boolean;
  readonly stated: 'invocation' | 'configuration' | 'run-time' | 'nowhere';
  readonly licence: string | undefined;
  readonly at: Location | undefined;
}

export type Exposure = 'env' | 'file' | 'oidc' | 'broker';

/** A credential by everything but its value. */
export interface CredentialEntry {
  readonly name: string;
  readonly class: CredentialClass;
  readonly scope: string;
  readonly exposure: Exposure;
  readonly reachable: Certainty;
  readonly writes: Certainty;
  readonly why: string;
  readonly at: Location;
  /** Day (UTC) of the commit that last touched the line which names it, as that commit claims. */
  readonly named: string | undefined;
  /** Whole days between `named` and the inventory. */
  readonly ageDays: number | undefined;
}

/** A key that somebody wrote into a file: its kind and place, nothing of itself. */
export interface LiteralKeyEntry {
  readonly kind: string;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly at: Location;
  readonly named: string | undefined;
  readonly ageDays: number | undefined;
}

/** A file that instructs, configures or extends an agent. */
export interface Surface {
  readonly path: string;
  readonly kind: string;
  readonly label: string;
  readonly product: ProductId | 'any';
  readonly role: string;
  /** SHA-256 of the text as UTF-8. */
  readonly sha256: string;
  readonly licence: string | undefined;
  readonly hooks: readonly string[];
  readonly servers: readonly string[];
}

export interface SurfaceInForce {
  readonly path: string;
  readonly inForce: Certainty;
  /** A change under review could have written it. */
  readonly fromTree: boolean;
}

/** One tool that an agent may use or may not. */
export interface ToolGrant {
  readonly effect: 'allow' | 'deny' | 'only';
  readonly tool: string;
  /** The words of a command that it lets run; none for a tool as a whole. */
  readonly command: string | undefined;
  readonly breadth: string;
}

export interface Bit {
  readonly is: Certainty;
  readonly why: readonly string[];
}

/** Meta's "Agents Rule of Two": an unattended session should have at most two of the three. */
export interface RuleOfTwo {
  readonly untrusted: Bit;
  readonly privateData: Bit;
  readonly wayOut: Bit;
}

/** One agent in one job. */
export interface AgentEntry {
  readonly id: string;
  readonly platform: string;
  readonly file: string;
  /** Name of the pipeline, else its file. */
  readonly pipeline: string;
  readonly job: string;
  readonly role: string;
  readonly at: Location;
  readonly product: ProductId;
  readonly via: string;
  readonly spelled: string;
  readonly pin: Pin;
  readonly model: ModelUse;
  readonly mode: string;
  readonly triggers: readonly {
    readonly event: string;
    readonly who: string;
    readonly untrusted: boolean;
    readonly privileged: boolean;
    readonly at: Location;
  }[];
  readonly startedBy: string;
  readonly gates: readonly {
    readonly kind: string;
    readonly strength: number;
    readonly spoofable: string | undefined;
    readonly at: Location;
  }[];
  readonly gateStrength: number;
  readonly inputs: readonly {
    readonly what: string;
    readonly channel: string;
    readonly who: string;
    readonly at: Location;
  }[];
  readonly tree: { readonly provenance: string; readonly keepsCredentials: Certainty };
  readonly capabilities: {
    readonly read: string;
    readonly write: string;
    readonly execute: string;
    readonly network: string;
    readonly forgeWrite: boolean;
  };
  readonly tools: readonly ToolGrant[];
  readonly surfaces: readonly SurfaceInForce[];
  readonly credentials: readonly CredentialEntry[];
  readonly services: readonly Service[];
  readonly controls: readonly { readonly kind: string; readonly what: string; readonly certainty: Certainty }[];
  readonly exits: readonly { readonly kind: string; readonly by: string; readonly at: Location }[];
  readonly ruleOfTwo: RuleOfTwo;
  /** Given only when ledgers of this agent were read. */
  readonly observed: ObservedUse | undefined;
}

/** Declared against observed, for one agent. */
export interface ObservedUse {
  readonly runs: number;
  readonly verdicts: readonly string[];
  /** Every ledger was complete: what is not in them did not happen in those runs. */
  readonly complete: boolean;
  readonly hosts: readonly string[];
  readonly models: readonly string[];
  readonly tools: readonly { readonly name: string; readonly calls: number; readonly denied: number }[];
  readonly credentials: readonly string[];
  readonly files: readonly string[];
  readonly refusedHosts: readonly string[];
  /** `host …`, `model …`, `tool …`, `credential …` that happened and that no file names. */
  readonly undeclared: readonly string[];
  /** The same for what the files grant and no run used. */
  readonly unused: readonly string[];
}

/** A job that holds agents, with what comes together in it. */
export interface JobEntry {
  readonly id: string;
  readonly file: string;
  readonly job: string;
  readonly role: string;
  readonly agents: readonly string[];
  readonly ruleOfTwo: RuleOfTwo;
  /** Legs that are certain, and legs that are not excluded. */
  readonly certain: number;
  readonly possible: number;
}

export interface RepositoryEntry {
  readonly name: string;
  readonly revision: string;
  readonly filesRead: number;
  readonly agents: readonly AgentEntry[];
  readonly jobs: readonly JobEntry[];
  readonly surfaces: readonly Surface[];
  readonly literalKeys: readonly LiteralKeyEntry[];
  /** What was not read. */
  readonly gaps: readonly { readonly kind: string; readonly message: string; readonly at: Location }[];
}

export interface Inventory {
  readonly version: 1;
  readonly takenAt: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly repositories: readonly RepositoryEntry[];
  /** Every ledger that was looked at. */
  readonly runs: readonly ObservedRun[];
  /** Runs that belong to no agent of these repositories, by their name. */
  readonly unmatchedRuns: readonly string[];
}
