import type { Place } from '../../syntax/index.ts';

/** One statement about what will really be in force, and why. */
export interface EffectiveFact {
  /** What: `hook SessionStart`, `mcp server github`, `allow Bash(npm test)`, `env ANTHROPIC_BASE_URL`. */
  readonly subject: string;
  readonly kind:
    | 'hook'
    | 'mcp'
    | 'allow'
    | 'deny'
    | 'ask'
    | 'mode'
    | 'environment'
    | 'helper'
    | 'sandbox'
    | 'instructions'
    | 'skill'
    | 'tools';
  /** `unknown` where it depends on a version or on something outside the repository. */
  readonly inForce: 'yes' | 'no' | 'unknown';
  /** Why, with the rule it follows from. */
  readonly why: string;
  readonly place: Place;
  /** Whether a change under review (an untrusted tree) could have written it. */
  readonly fromTree: boolean;
}

/** What an agent could do once it follows somebody else's orders. */
export interface Capabilities {
  readonly read: 'none' | 'tree' | 'everything';
  readonly write: 'none' | 'tree' | 'everything';
  /** Programs it may run without being asked: `any`, or the granted patterns. */
  readonly execute: 'none' | 'listed' | 'any';
  readonly network: 'none' | 'listed' | 'any';
  readonly forgeWrite: boolean;
  /** Why, in the order of weight: the rule or default that grants it. */
  readonly because: readonly { readonly what: string; readonly place: Place | undefined }[];
}
