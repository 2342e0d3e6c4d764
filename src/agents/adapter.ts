import type { Action, Policy } from '../policy/index.ts';
import type { JsonObject } from '../system/index.ts';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

/** How one agent is started the safe way. Pure data; the sandbox plan is made from it. */
export interface AgentLaunch {
  /** Program (absolute host path, resolved) and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly environment: { readonly [name: string]: string };
  /** Files of ours: settings, MCP configuration. Read-only unless the agent cannot start without writing them. */
  readonly files: readonly {
    readonly path: string;
    readonly content: string;
    readonly mode: number;
    readonly writable: boolean;
  }[];
  /** Host paths of the agent's own installation. */
  readonly readOnly: readonly string[];
  /** Sentences for the person: flags that were dropped or replaced, and why. */
  readonly notes: readonly string[];
}

export interface LaunchContext {
  /** As `resolveCommand` gave it: the program is an absolute path. */
  readonly command: readonly [string, ...string[]];
  readonly policy: Policy;
  readonly workspace: string;
  /** Home directory inside. */
  readonly home: string;
  /** Base URL of the broker as seen inside. */
  readonly baseUrl: string;
  /** Placeholder of the model key, in the vendor's shape. */
  readonly placeholderKey: string;
  readonly allowKnownVulnerable: boolean;
  /** The person's own environment, of which a few harmless settings (model name, time limits) may be kept. */
  readonly inherited?: { readonly [name: string]: string | undefined };
}

/** What the agent said about itself on its own output, to be compared with what was seen from outside. */
export type AgentReport =
  | {
      readonly kind: 'started';
      readonly version: string | undefined;
      readonly tools: readonly string[];
      readonly permissionMode: string | undefined;
      readonly mcpServers: readonly string[];
    }
  | { readonly kind: 'tool-call'; readonly call: ToolCall }
  | { readonly kind: 'tool-result'; readonly callId: string; readonly isError: boolean }
  | { readonly kind: 'denied'; readonly callId: string; readonly tool: string; readonly reason: string }
  | {
      readonly kind: 'finished';
      readonly isError: boolean;
      readonly turns: number | undefined;
      readonly usd: number | undefined;
      readonly text: string;
    };

/** One agent. Every adapter has this shape; adding an agent is filling it. */
export interface AgentAdapter {
  readonly id: string;
  readonly title: string;
  /** Is this command this agent? Looks at the resolved program, never runs it. */
  recognises(command: readonly string[]): boolean;
  /** Wire dialect of its model API, by the broker's name for it. */
  readonly dialect: 'anthropic-messages' | undefined;
  /** Reads the installed version without executing anything of the repository. */
  installedVersion(program: string): Promise<string | undefined>;
  launch(context: LaunchContext, version: string | undefined): AgentLaunch;
  /** What a tool call would do, in the policy's words. */
  actions(call: ToolCall, workspace: string): readonly Action[];
  /** One line of the agent's standard output. */
  observe(line: string): readonly AgentReport[];
}
