import type { Node, Place } from '../../syntax/index.ts';
import type { Tag } from './tag.ts';

/** A product of the recognition table; `unknown` for a model key without a visible agent. */
export type ProductId =
  | 'claude-code'
  | 'codex'
  | 'gemini'
  | 'copilot'
  | 'opencode'
  | 'ai-inference'
  | 'aider'
  | 'cursor'
  | 'goose'
  | 'amp'
  | 'qwen'
  | 'droid'
  | 'auggie'
  | 'amazon-q'
  | 'warp'
  | 'crush'
  | 'cline'
  | 'antigravity'
  | 'unknown';

/** A value that was given to an agent, in terms its caller can trace back. */
export interface GivenText {
  /** Text as written, template expressions as spelled. */
  readonly text: string;
  readonly place: Place;
  /** Where it came from: the word at `index` of the command line, the input or variable of this name. */
  readonly from:
    | { readonly kind: 'word'; readonly index: number }
    | { readonly kind: 'input'; readonly name: string }
    | { readonly kind: 'environment'; readonly name: string }
    | { readonly kind: 'standard-input' }
    | { readonly kind: 'file'; readonly path: string };
  /** False where a part is known only when it runs. */
  readonly complete: boolean;
}

/** A word of a command line as the shell would hand it on. */
export interface CommandWord {
  readonly text: string;
  /** False where a part is known only when it runs. */
  readonly complete: boolean;
  readonly place: Place;
  /** Where the characters from `start` to `end` of the text stand, where whoever read the word knows each of them. */
  readonly part?: (start: number, end: number) => Place;
}

/** A name with a value, as in `with:` or `env:`. */
export interface GivenEntry {
  readonly name: string;
  readonly text: string;
  readonly keyPlace: Place;
  readonly place: Place;
  readonly node: Node | undefined;
}

/** An action or task that runs an agent. */
export interface ActionUse {
  /** `owner/name` or `owner/name/path`. */
  readonly name: string;
  readonly ref: string | undefined;
  /** The comment behind a commit, as `v4.2.0`: the version that its author says it is. */
  readonly comment?: string | undefined;
  readonly inputs: readonly GivenEntry[];
  readonly place: Place;
}

/** Something that was said to an agent: `name` is its tag in the product's table. */
export interface WrittenEntry extends GivenEntry {
  /** Flag, input or variable as spelled. */
  readonly spelled: string;
}

/** How much is allowed without asking. */
export type PromptMode = 'bypass' | 'accept-edits' | 'ask' | 'deny' | 'read-only' | 'unknown';

/** A permission rule as written: `Bash(npm test:*)`, `shell(git)`. */
export interface WrittenRule {
  readonly text: string;
  readonly place: Place;
}

/** How one agent is started, whatever the product and the form. Pure data read from a command line or an action. */
export interface Invocation {
  readonly product: ProductId;
  readonly via: 'action' | 'command' | 'sdk' | 'image' | 'http';
  /** The word or `uses:` that is the agent. */
  readonly place: Place;
  /** Action name or program as spelled. */
  readonly spelled: string;
  /** Version as written; `undefined` when nothing names one. */
  readonly version: GivenText | undefined;
  readonly mode: PromptMode;
  /** What switched prompts off or edits on; among them modes that the action itself passes. */
  readonly modeFrom: readonly {
    readonly spelled: string;
    readonly place: Place;
    readonly mode: PromptMode;
    readonly builtIn: boolean;
  }[];
  /** Pre-approved (`--allowedTools`), refused, and the list that restricts (`--tools`). */
  readonly allow: readonly WrittenRule[];
  readonly deny: readonly WrittenRule[];
  readonly restrictTo: readonly WrittenRule[] | undefined;
  readonly prompts: readonly GivenText[];
  readonly systemPrompts: readonly GivenText[];
  /** Prompt comes from the event itself (tag mode of an action): every comment, issue and title may be in it. */
  readonly promptFromEvent: boolean;
  /** Inline settings or the files named: JSON or TOML. */
  readonly settings: readonly GivenText[];
  readonly mcpConfigurations: readonly GivenText[];
  readonly strictMcp: boolean;
  /** `undefined`: the product's default (everything). */
  readonly settingSources: readonly string[] | undefined;
  readonly bare: boolean;
  readonly model: GivenText | undefined;
  readonly endpoint: GivenText | undefined;
  /** Keys and tokens given by name: input or variable, with the text as written (`${{ secrets.X }}`). */
  readonly credentials: readonly GivenEntry[];
  readonly sandbox: { readonly state: 'on' | 'off' | 'weakened' | 'default'; readonly place: Place | undefined };
  readonly turnLimit: Place | undefined;
  readonly fullOutput: Place | undefined;
  /** Inputs that this version of the action does not have. */
  readonly deadInputs: readonly {
    readonly name: string;
    readonly place: Place;
    readonly security: boolean;
    /** What it means in a version that has it. */
    readonly tag: Tag | undefined;
    readonly replacement: string | undefined;
  }[];
  /** The action's own check of who started it, and what opens it. */
  readonly builtInGate: {
    readonly strength: 0 | 4;
    readonly openedTo: readonly {
      readonly what: string;
      readonly everybody: boolean;
      readonly bots: boolean;
      readonly place: Place;
    }[];
  };
  /** Paths the action takes from the base branch before it starts. */
  readonly restores: readonly string[];
  /** Everything written, by its tag in the product's table, for rules that need one flag or input. */
  readonly written: readonly WrittenEntry[];
}
