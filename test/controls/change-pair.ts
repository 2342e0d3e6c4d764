/** Texts by path; where one side says of a file `undefined`, the file is gone. */
export type Files = { readonly [path: string]: string | undefined };

/** A change as people and agents make them, and an honest one of the same files that looks alike. */
export interface ChangePair {
  readonly attack: string;
  readonly twin: string;
  /** Class that must be reported of the attack; of its twin nothing may be, from medium on. */
  readonly control: string;
  readonly before: Files;
  /** What the attack, and what its twin, makes of these files; the others stay. */
  readonly lost: Files;
  readonly kept: Files;
}
