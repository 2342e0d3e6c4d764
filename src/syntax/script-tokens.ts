import type { ScriptCommand, ScriptExpansion, ScriptRedirect, ScriptWord } from './readers.ts';

/** A word under construction by one of the tokenizers. */
export class WordBuilder {
  readonly #start: number;
  readonly #pieces: (string | undefined)[] = [];
  readonly #expansions: ScriptExpansion[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  add(text: string): void {
    const last = this.#pieces.at(-1);
    if (last !== undefined) this.#pieces[this.#pieces.length - 1] = last + text;
    else this.#pieces.push(text);
  }

  addExpansion(expansion: ScriptExpansion): void {
    this.#expansions.push(expansion);
    if (this.#pieces.length === 0 || this.#pieces.at(-1) !== undefined) this.#pieces.push(undefined);
  }

  build(source: string, end: number): ScriptWord {
    const pieces = this.#pieces.length > 0 ? this.#pieces : [''];
    return {
      span: { start: this.#start, end },
      source: source.slice(this.#start, end),
      literal: pieces.includes(undefined) ? undefined : pieces.join(''),
      pieces,
      expansions: this.#expansions,
    };
  }
}

/** What a tokenizer knows of a command. */
export interface FlatCommand {
  readonly assignments?: ScriptCommand['assignments'];
  readonly words: readonly ScriptWord[];
  readonly redirects?: readonly ScriptRedirect[];
  readonly pipeline: ScriptCommand['pipeline'];
  readonly nesting?: ScriptCommand['nesting'];
  readonly background?: boolean;
}

/** A command from its parts; its span reaches from the first to the last of them. */
export function flatCommand(parts: FlatCommand): ScriptCommand {
  const { words, assignments = [], redirects = [], nesting = [], background = false, pipeline } = parts;
  const spans = [...words, ...assignments, ...redirects].map(({ span }) => span);
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  return { span: { start, end }, assignments, words, redirects, nesting, background, pipeline, exitIgnored: false };
}
