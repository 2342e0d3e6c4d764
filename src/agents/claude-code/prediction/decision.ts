import type { JsonObject } from '../../../system/index.ts';

/** What the CLI would do with a tool call. With nobody to ask, `ask` is a refusal. */
export type PredictedVerdict = 'allow' | 'ask' | 'deny';

/** Where settings come from, lowest first (reference: agents §2.1). */
export const SETTINGS_SOURCES = ['user', 'project', 'local', 'flag', 'managed'] as const;
export type SettingsSource = (typeof SETTINGS_SOURCES)[number];

export type PermissionMode = 'default' | 'acceptEdits' | 'dontAsk' | 'bypassPermissions' | 'plan' | 'auto';

/** Which step of the CLI's order decided. */
export type PredictedBy =
  | 'tool removed'
  | 'input'
  | 'hook'
  | 'rule'
  | 'safety'
  | 'mode'
  | 'sandbox'
  | 'read-only'
  | 'not approved'
  | 'not modelled';

export interface PredictedDecision {
  readonly verdict: PredictedVerdict;
  readonly by: PredictedBy;
  /** In words, for a person. */
  readonly reason: string;
  /** The rule that decided, as written, and the settings it stands in. */
  readonly rule?: string;
  readonly source?: SettingsSource;
}

export interface PredictedCall {
  readonly tool: string;
  readonly input: JsonObject;
}

/** What a prediction needs to know about the machine. All paths are absolute. */
export interface PredictionPlace {
  /** Working directory of the run, which is the root of the project too. */
  readonly directory: string;
  readonly home: string;
  /** The path with all links followed; the path itself when nothing is known about it. */
  readonly resolve: (path: string) => string;
  /** Whether something of this path exists: programs of hooks, `.git`. */
  readonly exists: (path: string) => boolean;
}

export interface PredictionInput {
  /** Settings as JSON objects. A missing or broken file is left out, as the CLI leaves it out. */
  readonly settings: { readonly [source in SettingsSource]?: JsonObject };
  /**
   * The folder of the file that `--settings` names, where its rules that begin with one `/` start from. Undefined for JSON on
   * the command line: such a rule selects nothing in the project then, be it an approval or a refusal.
   */
  readonly flagDirectory?: string | undefined;
  /** Rules of the command line: `--allowedTools`, `--disallowedTools`. */
  readonly allowed?: readonly string[];
  readonly disallowed?: readonly string[];
  /** `--add-dir`. */
  readonly directories?: readonly string[];
  /** `--permission-mode`; undefined where the flag is not given. */
  readonly mode?: PermissionMode;
  /** Somebody accepted the trust dialog for this folder. */
  readonly trusted?: boolean;
  /** `.claude/settings.local.json` is in git, or reached through a link: it counts as part of the repository. */
  readonly localTracked?: boolean;
  readonly version: string;
  readonly place: PredictionPlace;
}

const STRICTNESS: { readonly [verdict in PredictedVerdict]: number } = { allow: 0, ask: 1, deny: 2 };

/** The stricter of two; the first when they are equal. */
export function stricterOf(one: PredictedDecision, other: PredictedDecision): PredictedDecision {
  return STRICTNESS[other.verdict] > STRICTNESS[one.verdict] ? other : one;
}
