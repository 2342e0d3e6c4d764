import type { Readers, Script, ScriptCommand, ScriptWord, Span } from '../../../syntax/index.ts';
import { INTERPRETERS, SHELLS } from './programs.ts';
import { baseName, unwrap, withoutVersion } from './unwrap.ts';

/** Deepest nesting of shells in shells that is read. */
const MOST_LEVELS = 4;
const MOST_COMMANDS = 800;

/** A word with what only matters to an attack: its text, its variables, and the commands in its substitutions. */
export interface WordView {
  /** Literal text; where parts are known only at run time, the source without outer quotes. */
  readonly text: string;
  readonly source: string;
  readonly span: Span;
  readonly variables: readonly { readonly name: string; readonly quoted: boolean }[];
  readonly hasSubstitution: boolean;
  /** Span in its own script, to find the commands of its substitutions. */
  readonly own: Span;
}

/** One command as it would run, wrappers like `sudo` and `timeout` taken off. */
export interface CommandView {
  readonly program: string;
  /** The program's word first. */
  readonly words: readonly WordView[];
  readonly wrappers: readonly string[];
  readonly command: ScriptCommand;
  /** Commands of one pipeline share it. */
  readonly pipeline: string;
  readonly span: Span;
  /** Commands inside the substitutions of its words. */
  readonly inner: readonly CommandView[];
}

/** All commands that a command line can run, those of quoted shell scripts (`sh -c '…'`) included. */
export function viewCommands(text: string, readers: Readers): readonly CommandView[] {
  return new Viewing(readers).view(text, undefined, 0);
}

class Viewing {
  readonly #readers: Readers;
  #scripts = 0;
  #commands = 0;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  /** `at`: where the whole text stands when it is a quoted word; `undefined` for the outermost one. */
  view(text: string, at: Span | undefined, depth: number): readonly CommandView[] {
    const script = this.#readers.script(text, 'bash');
    const name = `${this.#scripts++}`;
    const flat = script.commands.slice(0, MOST_COMMANDS).map((command) => viewOf(command, name, at));
    this.#commands += flat.length;
    const linked = flat.map((view) => ({ ...view, inner: innerOf(view, flat, script) }));
    if (depth >= MOST_LEVELS || this.#commands > MOST_COMMANDS) return linked;
    const nested = linked.flatMap((view) => this.#nestedOf(view, depth));
    return [...linked, ...nested];
  }

  #nestedOf(view: CommandView, depth: number): readonly CommandView[] {
    const script = quotedScript(view);
    return script === undefined ? [] : this.view(script.text, script.span, depth + 1);
  }
}

/** The script that `sh -c SCRIPT`, `eval SCRIPT` or `tmux new-session -d SCRIPT` runs. */
export function quotedScript(view: CommandView): WordView | undefined {
  if (SHELLS.has(view.program)) {
    const flag = view.words.findIndex((word, index) => index > 0 && /^-[a-z]{0,6}c$/.test(word.text));
    return flag > 0 ? view.words[flag + 1] : undefined;
  }
  if (view.program === 'eval' || view.program === 'trap') return view.words[1];
  if (view.program === 'tmux' || view.program === 'screen') return view.words.findLast((word) => /\s/.test(word.text));
  return undefined;
}

function viewOf(command: ScriptCommand, script: string, at: Span | undefined): CommandView {
  const words = command.words.map((word) => wordView(word, at));
  const { from, wrappers } = unwrap(words.map(({ text }) => text));
  const kept = words.slice(from);
  return {
    program: programOf(kept[0]?.text ?? ''),
    words: kept,
    wrappers,
    command,
    pipeline: `${script}:${command.pipeline.id}`,
    span: at ?? command.span,
    inner: [],
  };
}

function programOf(word: string): string {
  const name = baseName(word);
  return INTERPRETERS.has(name) ? name : withoutVersion(name);
}

function wordView(word: ScriptWord, at: Span | undefined): WordView {
  const variables = word.expansions.flatMap((one) =>
    one.kind === 'variable' && one.name !== undefined ? [{ name: one.name, quoted: one.quoted }] : [],
  );
  return {
    text: word.literal ?? stripQuotes(word.source),
    source: word.source,
    span: at ?? word.span,
    variables,
    hasSubstitution: word.expansions.some((one) => one.kind === 'command' || one.kind === 'process'),
    own: word.span,
  };
}

function innerOf(view: CommandView, all: readonly CommandView[], script: Script): readonly CommandView[] {
  if (!view.words.some((word) => word.hasSubstitution) || script.commands.length < 2) return [];
  return all.filter(
    (other) =>
      other !== view &&
      other.command !== view.command &&
      view.words.some((word) => word.hasSubstitution && within(other.command.span, word.own)),
  );
}

function within(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

function stripQuotes(source: string): string {
  const first = source[0];
  return source.length > 1 && (first === '"' || first === "'") && source.endsWith(first) ? source.slice(1, -1) : source;
}
