import { loadGrammars } from '../../../src/code/index.ts';
import { compareControls } from '../../../src/controls/index.ts';
import type { CompareControls } from '../../../src/review/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';

const readers = await loadReaders();
const grammars = await loadGrammars(['javascript', 'typescript', 'tsx']);

/** The control comparison of the product. */
export const comparedControls: CompareControls = (base, head) => compareControls({ base, head, readers, grammars });
