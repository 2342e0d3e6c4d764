/** One piece of a shell word: known text, or `undefined` for what only the running shell knows (`$X`, `$(…)`, a glob). */
export type ShellPiece = string | undefined;

/** A word after quote removal. */
export interface ShellWord {
  /** As spelled. */
  readonly source: string;
  readonly pieces: readonly ShellPiece[];
  /** The word when every piece is known. */
  readonly literal: string | undefined;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord | undefined;
}

export interface ShellRedirect {
  readonly operator: string;
  /** Undefined for a here-document. */
  readonly target: ShellWord | undefined;
}

/** Forms of the shell that are more than a list of simple commands with plain words. */
export type ShellFormKind =
  | 'substitution'
  /** A substitution that is the whole value of a plain assignment: `A=$(…)`. */
  | 'value'
  | 'process substitution'
  | 'subshell'
  | 'group'
  | 'case'
  | 'function'
  | 'counting loop'
  | 'parameter'
  | 'variable'
  | 'escapes'
  | 'braces'
  | 'array'
  | 'open document';

export interface ShellForm {
  readonly kind: ShellFormKind;
  readonly text: string;
}

/** One simple command, wherever in the script it stands: in a list, a loop, a function, a substitution. */
export interface ShellCommand {
  readonly source: string;
  readonly assignments: readonly ShellAssignment[];
  /** Program and arguments; empty when the command only assigns or redirects. */
  readonly words: readonly ShellWord[];
  readonly redirects: readonly ShellRedirect[];
  /** Started with `&`: outlives the command that was checked. */
  readonly background: boolean;
}

/** A command together with the innermost form that holds other commands and stands around it. */
export interface PlacedCommand extends ShellCommand {
  readonly within: ShellFormKind | undefined;
}

/** Every simple command that a script can reach, in the order of the text. */
export interface ShellScript {
  readonly commands: readonly PlacedCommand[];
  /** Names of functions defined in the script; their bodies are among the commands. */
  readonly functions: readonly string[];
  readonly forms: readonly ShellForm[];
  /** Variables that are set elsewhere than in assignments; one without a name may be any. */
  readonly sets: readonly ShellAssignment[];
}

/** Shell text that could not be understood with certainty. Whoever decides on it must refuse. */
export interface UnparsableShell {
  readonly unparsable: string;
}

/** A loaded grammar. `parse` is synchronous and never throws. */
export interface ShellGrammar extends Disposable {
  parse(text: string): ShellScript | UnparsableShell;
}

export const SHELL_LIMITS = { bytes: 64 * 1024, commands: 500, depth: 100, nodes: 50_000 } as const;
