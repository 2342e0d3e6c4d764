/** One row: files that make a tool run something, or something else, without being asked. */
export interface ImplicitRow {
  /** Stable, kebab case. */
  readonly id: string;
  /** Names and paths as `RowIndex` reads them: a bare name is a file at any depth. */
  readonly globs: readonly string[];
  /** Base names of the commands that read the file. Empty: an editor, or git whatever the command. */
  readonly programs: readonly string[];
  readonly why: string;
}
