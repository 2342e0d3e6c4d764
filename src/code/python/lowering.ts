import type { InFile } from '../places.ts';

/** What the lowering of one file carries along. */
export interface Lowering extends InFile {
  /** The name that the innermost method gives its receiver. */
  readonly receiver: string | undefined;
}
