import { type GrammarName, loadGrammars, lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../../code/index.ts';
import type { ReadCode } from '../../review/index.ts';
import type { SourceTree } from '../../syntax/index.ts';

const FRONT_ENDS: readonly {
  readonly endings: RegExp;
  readonly grammars: readonly GrammarName[];
  readonly lower: typeof lowerPython;
}[] = [
  { endings: /\.pyi?$/, grammars: ['python'], lower: lowerPython },
  { endings: /\.go$/, grammars: ['go'], lower: lowerGo },
  { endings: /\.java$/, grammars: ['java'], lower: lowerJava },
  { endings: /\.(?:[cm]?[jt]s|[jt]sx)$/, grammars: ['javascript', 'typescript', 'tsx'], lower: lowerJavaScript },
];

/** Front ends for single files, with the grammars that this tree needs. */
export async function createCodeReader({ entries }: Pick<SourceTree, 'entries'>): Promise<ReadCode> {
  const needed = FRONT_ENDS.filter(({ endings }) => entries.some(({ path }) => endings.test(path)));
  const grammars = await loadGrammars(needed.flatMap((one) => one.grammars));
  return (file) => needed.find(({ endings }) => endings.test(file.path))?.lower(file, grammars);
}
