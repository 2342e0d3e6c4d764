import type { JsonObject } from '../system/index.ts';

/** The planes on which a policy decides. */
export type Plane = 'tool' | 'file' | 'network' | 'model' | 'merge';

/** A tool call the model asked for, in the agent's own vocabulary, with what it would execute, read, write or reach. */
export interface ToolAction {
  readonly plane: 'tool';
  /** The tool's name as the agent knows it: `Bash`, `Read`, `mcp__github__create_issue`. */
  readonly tool: string;
  /** Other names of the same tool: a rule about one of them is about all (`Task` is `Agent` since Claude Code 2.1.63). */
  readonly aliases?: readonly string[];
  readonly input: JsonObject;
  /** Shell text, when the tool runs a command. */
  readonly command?: string;
  /** Paths the tool names for reading or writing, as spelled. */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly urls?: readonly string[];
}

/** Every name by which rules, labels and counters know the tool of a call. */
export function toolNames({ tool, aliases = [] }: Pick<ToolAction, 'tool' | 'aliases'>): readonly string[] {
  return [tool, ...aliases];
}

/** A file effect. Paths are relative to the workspace, `/`-separated, already resolved. */
export interface FileAction {
  readonly plane: 'file';
  readonly operation: 'read' | 'write' | 'delete';
  readonly path: string;
  readonly bytes?: number;
  /** For a deletion: the path where most of the file lives on, because the same change wrote it there. */
  readonly movedTo?: string;
}

/** A connection or request to a named host. */
export interface NetworkAction {
  readonly plane: 'network';
  /** Lower-case DNS name or canonical IP literal. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** Known for plain HTTP and inspected TLS only. */
  readonly method?: string;
  readonly path?: string;
}

/** A request to the model provider. */
export interface ModelAction {
  readonly plane: 'model';
  readonly provider: string;
  readonly endpoint: string;
  readonly model: string;
  /** Tools that the provider would run on its own side (`web_search`, `code_execution`, `mcp`, …). */
  readonly hostedTools: readonly string[];
  /** Number of content blocks that make the provider fetch a URL. */
  readonly urlInputs: number;
  /** Length of the request's body. */
  readonly bytes?: number;
}

/** A change that asks to be merged; judged by the gate. */
export interface MergeAction {
  readonly plane: 'merge';
  readonly paths: readonly string[];
  readonly pathClasses: readonly string[];
  readonly approvals: number;
  readonly findings: {
    readonly critical: number;
    readonly high: number;
    readonly medium: number;
    readonly low: number;
  };
  /** Groups and names of the controls that the change weakens. */
  readonly weakened: readonly string[];
  readonly attestations: readonly string[];
  /** Absent is read as `unknown-origin`, which is the stricter reading. */
  readonly origin?: MergeOrigin;
  /** Classes that disarm checks themselves: path classes and names of control classes. */
  readonly meta?: readonly string[];
  /** Names of what the program can do now and could not before. */
  readonly capabilities?: readonly string[];
  readonly size?: MergeSize;
  /** Absent is read as `none`. */
  readonly review?: ReviewState;
  /** Whether the signed run record names the person who sent the agent off. */
  readonly dispatcherKnown?: boolean;
}

/** Where a change comes from, as a signed run record says, or signs of an agent without one. */
export const MERGE_ORIGINS = ['agent-run', 'unknown-origin', 'human'] as const;
export type MergeOrigin = (typeof MERGE_ORIGINS)[number];

export const REVIEW_STATES = ['reviewed', 'partially-reviewed', 'not-reviewed', 'none'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** Lines are those added and removed. */
export interface MergeSize {
  readonly files: number;
  readonly lines: number;
  readonly binaryFiles: number;
}

export type Action = ToolAction | FileAction | NetworkAction | ModelAction | MergeAction;

/** What the run has seen so far. Every label exists from the start, so that no rule can fail for its absence. */
export interface SessionState {
  readonly labels: { readonly untrusted: boolean; readonly secret: boolean };
  /** Number of actions that were not denied by key (`tool:Bash`, `network:host`, `model:request`), and `denied:<plane>`. */
  readonly counters: { readonly [key: string]: number };
}

export type Verdict = 'allow' | 'ask' | 'deny';

/** The outcome of the one decision function. */
export interface Decision {
  readonly verdict: Verdict;
  /** The id of the rule that decided; `default` when none applied. */
  readonly rule: string;
  /** One sentence for the agent and the person alike. */
  readonly reason: string;
  /** Where the rule is written. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
  /** True when the verdict is `deny` because an applicable rule failed to evaluate. */
  readonly error?: boolean;
  /** Ids of stricter rules that are only observed and would have decided otherwise. */
  readonly observed?: readonly string[];
}
