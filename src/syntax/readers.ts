import type { Reading } from './node.ts';
import type { SourceFile, Span } from './source.ts';

/** Which program runs a script; decides how it is read. `other` is read as text only. */
export type ScriptLanguage = 'bash' | 'sh' | 'powershell' | 'cmd' | 'python' | 'javascript' | 'groovy' | 'other';

/** A word of a script. Spans are offsets into the script's text. */
export interface ScriptWord {
  readonly span: Span;
  /** As spelled, quotes included. */
  readonly source: string;
  /** After quote removal; `undefined` where only the running shell knows a part. */
  readonly literal: string | undefined;
  /** After quote removal: known text, and `undefined` for each part that only the running shell knows. */
  readonly pieces: readonly (string | undefined)[];
  /** Variables and substitutions in the word. A `command` expansion's own commands are among the script's commands. */
  readonly expansions: readonly ScriptExpansion[];
}

/** What the running shell puts in place of a part of a word or of a here-document. */
export interface ScriptExpansion {
  readonly kind: 'variable' | 'command' | 'process' | 'arithmetic';
  /** Name of the variable. */
  readonly name: string | undefined;
  readonly span: Span;
  /** Inside double quotes: cannot split into words. */
  readonly quoted: boolean;
}

export interface ScriptRedirect {
  readonly operator: string;
  readonly target: ScriptWord | undefined;
  /** Body of a here-document, without the closing line; `expands` when its delimiter is not quoted. */
  readonly hereDocument:
    | { readonly span: Span; readonly expands: boolean; readonly expansions: readonly ScriptExpansion[] }
    | undefined;
  readonly span: Span;
}

/**
 * One simple command, wherever it stands. The redirects of a whole block (`{ …; } >> file`, `done < file`) stand as a
 * command without words whose span is the block; a loop's variable as one that assigns an unknown value.
 */
export interface ScriptCommand {
  readonly span: Span;
  readonly assignments: readonly {
    readonly name: string;
    readonly value: ScriptWord | undefined;
    /** The words of a list: `NAME=(claude -p x)`. */
    readonly elements?: readonly ScriptWord[];
    /** `NAME+=…`. */
    readonly appends?: boolean;
    readonly span: Span;
  }[];
  /** Program and arguments; empty when the command only assigns or redirects. */
  readonly words: readonly ScriptWord[];
  readonly redirects: readonly ScriptRedirect[];
  readonly background: boolean;
  /** Commands joined by `|` share an id; `position` counts from 0. A block's commands share the block's position. */
  readonly pipeline: { readonly id: number; readonly position: number; readonly length: number };
  /** From the outside inwards. */
  readonly nesting: readonly ScriptNesting[];
  /** Followed by `|| true`, `|| :` or the like: its failure is not noticed. */
  readonly exitIgnored: boolean;
}

/**
 * What a command stands in. `condition`: a branch of `if` or `case`; `body`: `{ … }`; `text`: shell text inside a word,
 * as in `bash -c '…'`.
 */
export type ScriptNesting = 'substitution' | 'subshell' | 'function' | 'loop' | 'condition' | 'body' | 'text';

export interface FunctionBody {
  readonly name: string;
  readonly span: Span;
}

/** What a script can run, in the order of the text. */
export interface Script {
  readonly language: ScriptLanguage;
  readonly commands: readonly ScriptCommand[];
  readonly functions: readonly string[];
  /** Where the functions of a shell script stand, from their names to the ends of their bodies. */
  readonly bodies?: readonly FunctionBody[];
  /** Parts that were not understood: whoever concludes from absence must look here. */
  readonly unread: readonly { readonly message: string; readonly span: Span }[];
}

export interface FrontMatter {
  /** The block between `---` lines at the top; `root` is undefined when there is none. */
  readonly meta: Reading;
  /** Everything behind it. */
  readonly body: Span;
}

/** The loaded readers. Pure and synchronous; none throws on content; every cap that is reached is a gap. */
export interface Readers {
  /** The first document of a YAML file. YAML 1.2 core schema, merge keys resolved, any tag kept. */
  yaml(file: SourceFile): Reading;
  /** Every document of a YAML stream. */
  yamlDocuments(file: SourceFile): readonly Reading[];
  /** JSON; comments and trailing commas are read, and noted as gaps of kind `syntax` only where `strict`. */
  json(file: SourceFile, options?: { readonly strict?: boolean }): Reading;
  toml(file: SourceFile): Reading;
  frontMatter(file: SourceFile): FrontMatter;
  /** Template expressions (`${{ … }}`, `$(…)` macros) must be masked by the caller with as many characters. */
  script(text: string, language: ScriptLanguage): Script;
}
