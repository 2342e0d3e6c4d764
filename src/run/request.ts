/** What a person asked for on the command line. Paths are absolute. */
export interface RunRequest {
  /** The agent and its arguments, as typed. */
  readonly command: readonly [string, ...string[]];
  /** The checkout the agent works on; it is copied, never touched. */
  readonly workspace: string;
  /** Protected ref from which policy and agent configuration are read; undefined asks the CI system, then HEAD. */
  readonly base: string | undefined;
  /** A policy file named by the operator; replaces the repository's. */
  readonly policyFile: string | undefined;
  /** The organisation's policy, which the repository's can only tighten. */
  readonly organisationFile: string | undefined;
  /** Where patch, ledger and reports go. Must be empty or absent. */
  readonly out: string;
  /** Apply the patch to the workspace when the run succeeded. */
  readonly apply: boolean;
  readonly allowVulnerableAgent: boolean;
  /** The supervisor's own environment: credentials are read from it, nothing of it goes in. */
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Why a run ended. */
export type RunEnd =
  | { readonly kind: 'completed' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'limit'; readonly limit: string }
  | { readonly kind: 'incomplete'; readonly reason: string }
  | { readonly kind: 'blocked'; readonly reason: string };

/** DESIGN §6: the agent's own code passes through when nothing of ours intervened. */
export function exitCodeOf(end: RunEnd, agentCode: number): number {
  switch (end.kind) {
    case 'completed':
      return agentCode;
    case 'timeout':
      return 124;
    case 'cancelled':
      return 143;
    case 'limit':
    case 'blocked':
      return 1;
    case 'incomplete':
      return 3;
  }
}
