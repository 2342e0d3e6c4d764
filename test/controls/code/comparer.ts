import { GRAMMARS, type Grammars, loadGrammars } from '../../../src/code/index.ts';
import { compareCode } from '../../../src/controls/code/index.ts';
import type { ControlChange } from '../../../src/controls/index.ts';

/** Compares two texts of one file of code. */
export interface Comparer extends Disposable {
  readonly grammars: Grammars;
  compare(path: string, old: string, now: string): readonly ControlChange[];
  /** Classes of what is weakened with a high severity. */
  highLosses(path: string, old: string, now: string): readonly string[];
}

export async function openComparer(): Promise<Comparer> {
  const grammars = await loadGrammars(GRAMMARS);
  const compare: Comparer['compare'] = (path, old, now) =>
    compareCode({ path, previousPath: undefined, before: { path, text: old }, after: { path, text: now } }, grammars)
      .changes;
  return {
    grammars,
    compare,
    highLosses: (path, old, now) =>
      compare(path, old, now).flatMap(({ control, direction, severity }) =>
        direction === 'weakened' && severity === 'high' ? [control] : [],
      ),
    [Symbol.dispose]: () => grammars[Symbol.dispose](),
  };
}
