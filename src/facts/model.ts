import type { AgentConfiguration, Capabilities, EffectiveFact, Invocation } from '../agents/index.ts';
import type {
  Actor,
  ContainerFile,
  CredentialClass,
  Effect,
  Gate,
  GateStrength,
  Job,
  Pipeline,
  Step,
  TreeProvenance,
  Trigger,
  ValueKind,
} from '../pipelines/index.ts';
import type { Gap, Place, SourceFile, SourceTree } from '../syntax/index.ts';

/** Unknown is reported, never taken as safe. */
export type Certainty = 'yes' | 'no' | 'unknown';

/** Files below documentation, templates, tests or vendored code do less harm than live ones. */
export type FileRole = 'active' | 'template' | 'documentation' | 'test' | 'vendored';

/** Text or code that somebody else wrote and the agent will meet. */
export interface UntrustedSource {
  readonly what: string;
  readonly channel:
    | 'prompt'
    | 'command-line'
    | 'environment'
    | 'file'
    | 'output'
    | 'fetched'
    | 'event'
    | 'tree'
    | 'instructions'
    | 'configuration'
    | 'log'
    | 'tracker'
    | 'artifact'
    | 'agent'
    | 'web';
  readonly kind: ValueKind;
  readonly who: Actor;
  /** Fetched by a run that the clock starts: whoever wrote it needs nobody to start the agent. */
  readonly unattended?: boolean;
  readonly place: Place;
  /** How it gets from there to the agent. */
  readonly steps: readonly { readonly place: Place; readonly message: string }[];
}

export interface Credential {
  /** Name of the secret or variable, never a value. */
  readonly name: string;
  readonly class: CredentialClass;
  readonly scope: 'pipeline' | 'job' | 'step' | 'other-step' | 'file' | 'mount' | 'mintable';
  /** How the agent, or a program it starts, gets at it; `no` when a control keeps it away. */
  readonly reachable: Certainty;
  readonly why: string;
  /** Can change things: write scopes, a personal token, a cloud login. */
  readonly writes: Certainty;
  readonly place: Place;
}

/** Something that cuts the way of an attack. */
export interface Control {
  readonly kind:
    | 'gate'
    | 'egress'
    | 'sandbox'
    | 'split-job'
    | 'restored-configuration'
    | 'ignored-configuration'
    | 'patch-handoff'
    | 'environment-scrub'
    | 'environment-approval'
    | 'read-only-token'
    | 'tool-restriction'
    | 'teardown'
    | 'timeout';
  readonly what: string;
  readonly certainty: Certainty;
  /** Which legs it cuts. */
  readonly cuts: readonly ('start' | 'input' | 'execute' | 'credential' | 'egress' | 'write')[];
  readonly place: Place;
}

/** Where something can leave or change the world. */
export interface Exit {
  readonly kind:
    | 'network'
    | 'push'
    | 'merge'
    | 'release'
    | 'publish'
    | 'deploy'
    | 'comment'
    | 'label'
    | 'environment'
    | 'artifact'
    | 'cache'
    | 'prompt'
    | 'log'
    | 'dispatch'
    | 'sign';
  readonly what: string;
  /** By the agent itself, or by a later step that trusts what the agent left. */
  readonly by: 'agent' | 'later-step' | 'other-pipeline';
  readonly place: Place;
}

/** One trigger that a condition does not keep out altogether, and what stands on its way. */
export interface StartWay {
  readonly trigger: Trigger;
  /** Of this trigger alone: a condition may let one event in freely and check another. */
  readonly gates: readonly Gate[];
  readonly strength: GateStrength;
  /** Who gets past them. */
  readonly circle: Actor;
}

/** One agent in one job, with everything that decides whether it can be abused. */
export interface AgentRun {
  /** `.github/workflows/review.yml#review/2`: file, job, step. */
  readonly id: string;
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly step: Step;
  /** From the job's own step down to the step that holds the agent, through composite actions. */
  readonly stepPath: readonly Step[];
  readonly invocation: Invocation;
  readonly role: FileRole;
  readonly triggers: readonly Trigger[];
  /** Every gate on the way from a trigger to this agent: job and step conditions, authorisation jobs, the action's own. */
  readonly gates: readonly Gate[];
  /** The strongest gate that holds for the weakest trigger. */
  readonly gateStrength: GateStrength;
  /** The widest group that can start it, gates counted. */
  readonly startedBy: Actor;
  readonly ways: readonly StartWay[];
  readonly sources: readonly UntrustedSource[];
  readonly tree: {
    readonly provenance: TreeProvenance;
    readonly place: Place | undefined;
    readonly persistsCredentials: Certainty;
  };
  readonly credentials: readonly Credential[];
  readonly capabilities: Capabilities;
  readonly controls: readonly Control[];
  readonly exits: readonly Exit[];
  readonly configuration: readonly AgentConfiguration[];
  readonly effective: readonly EffectiveFact[];
  readonly before: readonly Step[];
  readonly after: readonly Step[];
  /** Effects of the job's steps before and after the agent, outermost steps' own places. */
  readonly effectsBefore: readonly Effect[];
  readonly effectsAfter: readonly Effect[];
  /** Rule of Two: what comes together here. */
  readonly trifecta: { readonly untrusted: Certainty; readonly privateData: Certainty; readonly wayOut: Certainty };
}

/** Everything that is known about one repository at one moment. */
export interface Facts {
  readonly tree: SourceTree;
  readonly pipelines: readonly Pipeline[];
  readonly configurations: readonly AgentConfiguration[];
  readonly containers: readonly ContainerFile[];
  readonly runs: readonly AgentRun[];
  readonly gaps: readonly Gap[];
  readonly filesRead: number;
  /** The text of a file that was read. */
  source(path: string): SourceFile | undefined;
}
