import type { InFile } from '../places.ts';
import type { LocalNames } from './local-names.ts';

/** What the lowering of one file carries along. */
export interface Lowering extends InFile {
  /** Names under which the file imports packages, and their paths. */
  readonly imports: ReadonlyMap<string, string>;
  /** The name that the innermost method gives its receiver. */
  readonly receiver: string | undefined;
  /** Variables that the enclosing blocks declare. */
  readonly names: LocalNames;
  /** Names of the results of the innermost function, which a bare `return` gives back. */
  readonly results: readonly string[];
}
