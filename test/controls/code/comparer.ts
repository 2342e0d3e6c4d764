import { GRAMMARS, type Grammars, loadGrammars } from '../../../src/code/index.ts';
import { compareCode } from '../../../src/controls/code/index.ts';
import type { ControlChange } from '../../../src/controls/index.ts';

/** Compares two texts of one file of code. */
export interface Comparer extends Disposable {
  readonly grammars: Grammars;
  compare(path: string, old: string, now: string): readonly ControlChange[];
}

export async function openComparer(): Promise<Comparer> {
  const grammars = await loadGrammars(GRAMMARS);
  return {
    grammars,
    compare: (path, old, now) =>
      compareCode({ path, previousPath: undefined, before: { path, text: old }, after: { path, text: now } }, grammars)
        .changes,
    [Symbol.dispose]: () => grammars[Symbol.dispose](),
  };
}
