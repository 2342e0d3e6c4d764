import { loadGrammars } from '../../code/index.ts';
import { compareControls, grammarsFor } from '../../controls/index.ts';
import type { CompareControls } from '../../review/index.ts';
import { loadReaders } from '../../syntax/index.ts';

/** Security controls of a tree and the same with a patch, with the grammars that the patch needs. */
export const changedControls: CompareControls = async (base, head) => {
  using grammars = await loadGrammars(grammarsFor(base, head));
  return compareControls({ base, head, readers: await loadReaders(), grammars });
};
