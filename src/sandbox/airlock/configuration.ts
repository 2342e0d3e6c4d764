import type { JsonObject } from '../../system/index.ts';
import type { InnerArguments, WritablePlaces } from '../arguments.ts';
import type { SandboxPlan } from '../plan.ts';

/** Programs of the host that the airlock starts. */
export interface Tools {
  readonly bwrap: string;
  readonly setpriv: string;
  readonly prlimit: string;
  readonly mount: string;
  readonly cp: string;
}

/** What the airlock needs to know of the plan; it goes over the control channel, not through arguments or environment. */
export interface AirlockConfiguration {
  readonly tools: Tools;
  readonly runDirectory: string;
  readonly lower: string;
  readonly diskMiB: number;
  readonly inodes: number;
  readonly broker: { readonly socket: string; readonly nonce: string; readonly port: number };
  readonly names: readonly string[];
  readonly ports: readonly number[];
  readonly plainPorts: readonly number[];
}

/** What the airlock needs to start the inner sandbox. */
export interface LaunchRequest {
  readonly inner: InnerArguments;
  readonly command: readonly string[];
  /** Base64 of the seccomp program and of the probe. */
  readonly filter: string;
  readonly probe: string;
  readonly rlimits: readonly string[];
}

/**
 * Where the airlock mounts its file systems, in its own mount namespace: the one for the workspace's changes, the
 * workspace itself, and the one for whatever else the agent may write.
 */
export function airlockPaths(runDirectory: string): WritablePlaces & { readonly scratch: string } {
  const scratch = `${runDirectory}/airlock`;
  return { scratch, merged: `${scratch}/merged`, own: `${runDirectory}/own` };
}

export function airlockConfiguration(plan: SandboxPlan, tools: Tools): AirlockConfiguration {
  return {
    tools,
    runDirectory: plan.runDirectory,
    lower: plan.lower,
    diskMiB: plan.limits.diskMiB,
    inodes: plan.limits.inodes,
    broker: { ...plan.broker, port: plan.brokerPort },
    names: plan.names,
    ports: plan.ports,
    plainPorts: plan.plainPorts,
  };
}

/** What the run's own code makes of the finished workspace; called in the airlock, after everything of the agent is dead. */
export type Collect = (merged: string, request: JsonObject) => Promise<JsonObject>;

/** Loads it: it is most of the airlock's program, and not needed before the agent has started. */
export type LoadCollect = () => Promise<Collect>;
