import type { Place } from '../../syntax/index.ts';
import type { Subjects } from './argument-path.ts';
import type { Arguments } from './arguments.ts';
import type { Label } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import type { NameRows } from './row-index.ts';
import type { Value } from './value.ts';

/** What is called: the value, and for a method its receiver and name. */
export interface Callee {
  readonly target: Value;
  readonly receiver: Value | undefined;
  readonly method: string | undefined;
  readonly name: string;
  /** The variable at its beginning. */
  readonly root: number | undefined;
}

/** A call that is being made. */
export interface Made {
  readonly callee: Callee;
  readonly given: Arguments;
  readonly construct: boolean;
  readonly rows: NameRows;
  readonly subjects: Subjects;
  /** What of outsiders the call brings in, to its result or to the functions that it is given. */
  readonly brought: readonly Label[];
  readonly place: Place;
  readonly machine: Machine;
  readonly frame: Frame;
}
