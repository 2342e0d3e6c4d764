import type { Gap, Place } from '../../syntax/index.ts';

/** What makes a tool look at the file: opening the folder, installing, building, testing, linting, git, any start. */
export type ExecutionMoment =
  | 'open'
  | 'shell'
  | 'install'
  | 'build'
  | 'test'
  | 'lint'
  | 'git'
  | 'commit'
  | 'start'
  | 'run';

/** What the file can make the tool do. */
export type ExecutionPower =
  /** Names commands that the tool runs. */
  | 'runs-commands'
  /** Is itself code that the tool loads. */
  | 'is-code'
  /** Says where packages come from. */
  | 'redirects-registry'
  /** Names the shell, program or plug-in that the tool starts in place of its own. */
  | 'replaces-program'
  /** Sets variables for everything the tool starts. */
  | 'sets-environment'
  /** Names code elsewhere that the tool fetches and runs. */
  | 'fetches-code';

/** How values are read out of a file; `none`: the file's presence is what matters. */
export type ValueReader =
  | 'none'
  | 'package-scripts'
  | 'composer-scripts'
  | 'deno-tasks'
  | 'editor-tasks'
  | 'settings-keys'
  | 'assignments'
  | 'sections'
  | 'toml-keys'
  | 'yaml-keys'
  | 'attributes'
  | 'marked-lines'
  | 'make-targets';

/** One row: files that make a tool run something without being asked. */
export interface ImplicitRow {
  /** Stable, kebab case. */
  readonly id: string;
  /** Names and paths as `RowIndex` reads them: a bare name is a file at any depth. */
  readonly globs: readonly string[];
  readonly tool: string;
  /** Base names of the commands that read the file. Empty: an editor, or git whatever the command. */
  readonly programs: readonly string[];
  readonly moment: ExecutionMoment;
  readonly powers: readonly ExecutionPower[];
  readonly why: string;
  readonly reader: ValueReader;
  /** For `settings-keys`, `assignments`, `toml-keys` and `yaml-keys`: the keys that matter; `*` stands for one step. */
  readonly keys?: readonly ImplicitKey[];
  /** Only a file that holds this text counts. */
  readonly holds?: string;
}

export interface ImplicitKey {
  readonly key: string;
  readonly power: ExecutionPower;
}

/** A value in such a file: a command, an address, a plug-in. */
export interface ImplicitEntry {
  /** Route in the file: `scripts.postinstall`, `script-shell`, `repos.0.hooks.1.entry`. */
  readonly key: string;
  readonly text: string;
  readonly power: ExecutionPower;
  /** Runs without being named: a lifecycle script, a task at folder opening, the first target. */
  readonly automatic: boolean;
  /** The value. */
  readonly place: Place;
  /** The key, or the value where there is none. */
  readonly keyPlace: Place;
}

/** One file that makes a tool run something without being asked. */
export interface ImplicitExecution {
  readonly row: ImplicitRow;
  readonly file: string;
  /** Empty where the file was not read or holds none of the row's keys: its presence still counts. */
  readonly entries: readonly ImplicitEntry[];
  readonly gaps: readonly Gap[];
}
