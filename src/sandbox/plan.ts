import type { Limits } from '../policy/index.ts';

/** A directory or file of the host that is visible read-only inside. */
export interface ReadOnlyMount {
  readonly source: string;
  readonly target: string;
  /** When false, a missing source is an error; when true it is left out. */
  readonly optional: boolean;
}

/** A file that exists inside from the start, with content made by us. */
export interface ProvidedFile {
  /** Absolute path inside. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  /** True when the agent may change it (files in its empty home); false mounts it read-only. */
  readonly writable: boolean;
}

/** Everything the sandbox will be, as data: computed without touching the host, digested into the first record. */
export interface SandboxPlan {
  readonly runId: string;
  /** Private directory of this run on the host; removed at the end, its absence is part of the proof. */
  readonly runDirectory: string;
  /** The staged, pristine tree on the host (lower layer, never written after staging). */
  readonly lower: string;
  /** Absolute path at which the agent sees its workspace; the same as on the host, so that paths in logs agree. */
  readonly workspace: string;
  readonly readOnly: readonly ReadOnlyMount[];
  readonly files: readonly ProvidedFile[];
  /** The whole environment of the agent. Nothing is inherited. */
  readonly environment: { readonly [name: string]: string };
  /** Absolute path of the program and its arguments, as seen inside. */
  readonly command: readonly [string, ...string[]];
  readonly limits: Limits;
  /** The unprivileged identity that runs everything inside, when the supervisor is root. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
  /** The broker's socket on the host, and the nonce that the forwarder presents on each connection. */
  readonly broker: { readonly socket: string; readonly nonce: string };
  /** TCP port on the loopback inside at which the broker appears (model API and proxy). */
  readonly brokerPort: number;
  /** Names for which the resolver stub inside hands out fake addresses, and the ports captured on those addresses. */
  readonly names: readonly string[];
  readonly ports: readonly number[];
  /** Values of secrets the probe looks for inside, in every encoding. Never written to disk. */
  readonly secretNames: readonly string[];
}
