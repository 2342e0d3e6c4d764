/** One thing the scripted model asks the agent to do. */
export interface ScriptedCall {
  readonly tool: string;
  readonly input: { readonly [name: string]: unknown };
}

/** Ways in which the model API fails instead of answering. */
export type ScriptedFault =
  /** An HTTP error with the API's error body. */
  | {
      readonly status: number;
      readonly type: string;
      readonly message: string;
      readonly headers?: { readonly [name: string]: string };
    }
  /** The stream starts well and then carries an `error` event. */
  | { readonly streamError: string }
  /** The connection ends in the middle of the stream. */
  | { readonly cut: true };

/** One assistant message. A fault is played once, so that the client's retry meets the turn behind it. */
export interface ScriptedTurn {
  readonly text?: string;
  readonly thinking?: string;
  readonly calls?: readonly ScriptedCall[];
  readonly fault?: ScriptedFault;
}

/**
 * What a model does in one session: turn by turn, then the final text for ever. `{{NAME}}` in any string is replaced
 * by the variable, and `{{LAST_RESULT}}` by the text of the newest tool result, which is all that a hijacked model
 * could copy.
 */
export interface MessageScript {
  readonly turns: readonly ScriptedTurn[];
  readonly final?: string;
  /** Answer to requests without tools: titles, summaries, classifiers. They do not advance the script. */
  readonly side?: string;
  /** When true each session plays the script from its start; else only the first does, and a nested agent gets `final`. */
  readonly everySession?: boolean;
}

/** The same value with every placeholder in every string replaced. Unknown names stay as they are. */
export function fillPlaceholders<T>(value: T, variables: { readonly [name: string]: string }): T {
  const filled: unknown = fill(value, variables);
  return filled as T; // only strings inside change, and they stay strings
}

function fill(value: unknown, variables: { readonly [name: string]: string }): unknown {
  if (typeof value === 'string') return value.replace(/\{\{(\w+)\}\}/g, (whole, name) => variables[name] ?? whole);
  if (Array.isArray(value)) return value.map((entry) => fill(entry, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fill(entry, variables)]));
}
