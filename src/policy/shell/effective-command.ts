import type { ShellAssignment, ShellWord } from '../../syntax/index.ts';

/** One command as it would be executed, after wrappers (`sh -c`, `env`, `xargs`, …) were taken off. */
export interface EffectiveCommand {
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  /** Targets of output redirections. */
  readonly writes: readonly ShellWord[];
  readonly background: boolean;
  /**
   * False for a transparent wrapper, whose inner command is listed and judged on its own, and for the inner command of
   * a launcher that needs its own grant (`npx`, `ssh`): those are looked at by deny and ask rules only.
   */
  readonly needsGrant: boolean;
  /**
   * Set when the command runs code that cannot be read here (`python3 -c`, a script on standard input): only a rule
   * that names exactly this, or a bare grant of the tool, covers it. Holds the option that says so.
   */
  readonly opaque?: string;
}

export interface Unreadable {
  readonly unreadable: string;
}

/** Turns command text into everything it can start. Never throws. */
export interface CommandReader {
  read(text: string): readonly EffectiveCommand[] | Unreadable;
}
