import type { ProductId, PromptMode } from '../invocation/invocation.ts';
import type { SurfaceKind } from './configuration.ts';
import type { EffectiveFact } from './effective.ts';

/** What a file of the repository can bring; each product obeys some of them in one state of trust and not in another. */
export type ObeyedKind =
  | 'mcp'
  | 'hook'
  | 'helper'
  | 'environment'
  | 'routing'
  | 'rules'
  | 'mode'
  | 'instructions'
  | 'skill'
  | 'plugin';

/** Kinds that are not named are `unknown`. */
export type Obeyed = { readonly [kind in ObeyedKind]?: EffectiveFact['inForce'] };

/** Something that the run says and that changes what the product obeys. Any one of its ways is enough. */
export interface TrustState {
  /** Flags by spelling. */
  readonly flags?: readonly string[];
  /** Variables; with `exactly` only that value counts, letter by letter, else any that is not an off-value. */
  readonly variables?: readonly { readonly name: string; readonly exactly?: string }[];
  /** Options of this tag whose value matches, as a trust that is set with `-c`. */
  readonly written?: { readonly tag: string; readonly value: RegExp };
  readonly obeyed: Obeyed;
  /** After the name of what was said: `--trust trusts the folder`. */
  readonly does: string;
}

/** What versions did that had no gate, or opened it themselves. Counts only where the pipeline names the version. */
export interface OlderTrust {
  /** The last version that was seen to do so, and the first that was seen not to; between them it is unknown. */
  readonly upTo: string;
  readonly below: string;
  /** Only in these modes. */
  readonly modes?: readonly PromptMode[];
  readonly obeyed: Obeyed;
  readonly does: string;
}

/** What one product does with the configuration of a repository in an unattended run. */
export interface ProductTrust {
  readonly product: ProductId;
  /** When the run says nothing about trust. */
  readonly untrusted: Obeyed;
  /** Why, where it is not that nobody trusted the folder. */
  readonly because?: string;
  /** The first state that the run is in decides. */
  readonly states: readonly TrustState[];
  readonly older?: OlderTrust;
  /** Whether a plain `.env` of the repository is read, where that differs from its other variables. */
  readonly dotenv?: EffectiveFact['inForce'];
  /** Files of other products that it reads too, and which kinds of them. */
  readonly reads: readonly { readonly product: ProductId | 'any'; readonly kinds?: readonly SurfaceKind[] }[];
  readonly source: string;
}

const EVERYTHING: Obeyed = {
  mcp: 'yes',
  hook: 'yes',
  helper: 'yes',
  environment: 'yes',
  routing: 'yes',
  rules: 'yes',
  mode: 'yes',
  instructions: 'yes',
  skill: 'yes',
  plugin: 'yes',
};

const NOTHING: Obeyed = {
  mcp: 'no',
  hook: 'no',
  helper: 'no',
  environment: 'no',
  routing: 'no',
  rules: 'no',
  mode: 'no',
  instructions: 'no',
  skill: 'no',
  plugin: 'no',
};

const TRUSTS = 'trusts the folder';
const ANY = { product: 'any' } as const;

/** Measured with hostile repositories on a loopback model unless the source says documentation. */
export const PRODUCT_TRUST: readonly ProductTrust[] = [
  {
    product: 'codex',
    untrusted: { ...NOTHING, instructions: 'yes', skill: 'yes' },
    states: [
      {
        flags: ['--trust'],
        written: { tag: 'trust', value: /\btrust_level\W{1,5}trusted\b/ },
        // `notify` and every address of a model are ignored with a warning; hooks want a second flag.
        obeyed: { ...EVERYTHING, hook: 'no', helper: 'no', routing: 'no', plugin: 'unknown' },
        does: TRUSTS,
      },
    ],
    older: {
      upTo: '0.165.0',
      below: '0.169.0',
      modes: ['accept-edits', 'bypass'],
      obeyed: { ...EVERYTHING, hook: 'unknown', helper: 'unknown', routing: 'unknown', plugin: 'unknown' },
      does: 'trusts the folder by itself where its sandbox lets it write',
    },
    dotenv: 'no',
    reads: [ANY],
    source: 'measured on Codex 0.120 to 0.169',
  },
  {
    product: 'gemini',
    untrusted: NOTHING,
    because: 'nobody trusted the folder, so it ends before the first request',
    states: [
      {
        variables: [{ name: 'GEMINI_CLI_TRUST_WORKSPACE', exactly: 'true' }],
        // Policies and extensions below `.gemini/` of a repository are left alone even then.
        obeyed: { ...EVERYTHING, plugin: 'no' },
        does: TRUSTS,
      },
      {
        flags: ['--skip-trust'],
        obeyed: { ...NOTHING, environment: 'yes', routing: 'yes', instructions: 'yes', skill: 'yes' },
        does: 'lets it start and read texts and environment files, but not the settings of the folder',
      },
    ],
    older: {
      upTo: '0.38.0',
      below: '0.40.0',
      obeyed: { ...EVERYTHING, plugin: 'unknown' },
      does: 'asks for no trust in the folder',
    },
    reads: [ANY],
    source: 'measured on Gemini CLI 0.36 to 0.61, where folder trust is on by default since 0.40',
  },
  {
    product: 'qwen',
    untrusted: EVERYTHING,
    states: [],
    reads: [ANY],
    source: 'measured on Qwen Code 0.24.4, which has no trust gate by default',
  },
  {
    product: 'opencode',
    untrusted: EVERYTHING,
    states: [
      {
        variables: [{ name: 'OPENCODE_DISABLE_PROJECT_CONFIG' }],
        obeyed: { ...NOTHING, plugin: 'yes', skill: 'unknown' },
        does: 'leaves project configuration and instructions out, but plug-ins run',
      },
    ],
    dotenv: 'no',
    reads: [ANY, { product: 'claude-code', kinds: ['instructions', 'skill'] }],
    source: 'measured on opencode 1.18.33, which has no trust gate',
  },
  {
    product: 'copilot',
    untrusted: {
      ...NOTHING,
      instructions: 'yes',
      skill: 'yes',
      environment: 'unknown',
      routing: 'unknown',
      plugin: 'unknown',
    },
    states: [
      {
        flags: ['--trust-folder'],
        // Any other spelling of yes approves tools and trusts nothing.
        variables: [{ name: 'COPILOT_ALLOW_ALL', exactly: 'true' }],
        obeyed: { mcp: 'yes', hook: 'yes', instructions: 'yes', skill: 'yes', rules: 'no', mode: 'no' },
        does: TRUSTS,
      },
    ],
    dotenv: 'no',
    reads: [
      ANY,
      { product: 'claude-code', kinds: ['mcp', 'settings', 'instructions', 'skill', 'subagent'] },
      { product: 'gemini', kinds: ['instructions'] },
    ],
    source: 'measured on Copilot CLI 1.0.102',
  },
  {
    product: 'cursor',
    untrusted: { rules: 'yes', mode: 'yes', instructions: 'yes' },
    states: [
      {
        flags: ['--approve-mcps', '--trust'],
        obeyed: { rules: 'yes', mode: 'yes', instructions: 'yes', mcp: 'yes' },
        does: TRUSTS,
      },
    ],
    reads: [ANY],
    source: 'vendor documentation; not measured',
  },
  {
    product: 'aider',
    // Conventions are read where `read:` names them, `AGENTS.md` is not.
    untrusted: { ...EVERYTHING, instructions: 'unknown', mcp: 'no', hook: 'no', skill: 'no' },
    because: 'it has no gate; `--env-file` and `--config` only add files',
    states: [],
    reads: [ANY],
    source: 'measured on aider 0.86.2',
  },
];
