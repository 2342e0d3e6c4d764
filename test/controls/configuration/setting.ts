/** A file of settings, a change that weakens it, and an honest one that looks alike. */
export interface Setting {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** Undefined: the file goes. */
  readonly attack: string | undefined;
  /** Undefined: this attack has its twin in another row. */
  readonly twin: string | undefined;
}
