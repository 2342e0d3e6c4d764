import type { Place } from '../syntax/index.ts';

/**
 * What a template value can hold, from harmless to arbitrary: decides whether it is safe in a shell and safe in a
 * prompt, which are different questions.
 */
export type ValueKind =
  | 'constant'
  | 'boolean'
  | 'number'
  | 'sha'
  | 'enumeration'
  | 'login'
  | 'ref'
  | 'line'
  | 'text'
  | 'unknown';

/** Where a value comes from. */
export type ValueOrigin =
  /** Somebody without rights in the repository can choose it: titles, bodies, comments, branch names of forks. */
  | 'outsider'
  /** Needs write access: inputs of a manual start, labels, tags. */
  | 'insider'
  | 'secret'
  /** Output of a step or job: as trustworthy as what wrote it. */
  | 'output'
  /** An environment variable of the pipeline: as trustworthy as its value. */
  | 'environment'
  /** An input of a reusable part: as trustworthy as the caller. */
  | 'input'
  | 'matrix'
  | 'configuration'
  | 'platform'
  | 'unknown';

/** One value that can flow out of an interpolation. */
export interface ValueReference {
  /** In the platform's own spelling: `github.event.issue.title`, `secrets.TOKEN`, `CI_COMMIT_MESSAGE`. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly origin: ValueOrigin;
  /** Of a matrix, where the file writes all of them. */
  readonly choices?: readonly string[];
}

/** One template expression in a text. */
export interface Interpolation {
  readonly place: Place;
  /** First character and length in `TemplateText.text`. */
  readonly index: number;
  readonly length: number;
  /** As spelled between the delimiters. */
  readonly source: string;
  /**
   * When it is put in: `before` the shell sees the text (an injection when it is in a script), or as data: by the
   * `shell` as a variable, or as a literal of the script's own language.
   */
  readonly expanded: 'before' | 'shell';
  /** Every value that can come out; a condition or comparison yields none. Of what cannot be parsed: what a word search found. */
  readonly values: readonly ValueReference[];
}

/** Text of a pipeline file together with what the platform will put into it. */
export interface TemplateText {
  readonly text: string;
  readonly place: Place;
  readonly interpolations: readonly Interpolation[];
  /** Offset in the file of the character at `index` of `text`. */
  offsetOf(index: number): number;
}

/** Kinds that cannot break out of a quoted or unquoted shell word. A login holds letters, digits and single dashes. */
const SHELL_SAFE: ReadonlySet<ValueKind> = new Set(['constant', 'boolean', 'number', 'sha', 'enumeration', 'login']);

/** Kinds too small to carry an order to a model. A branch name is long enough; a login nearly is not. */
const PROMPT_SAFE: ReadonlySet<ValueKind> = new Set(['constant', 'boolean', 'number', 'sha', 'enumeration', 'login']);

export function isShellSafe(kind: ValueKind): boolean {
  return SHELL_SAFE.has(kind);
}

export function isPromptSafe(kind: ValueKind): boolean {
  return PROMPT_SAFE.has(kind);
}
