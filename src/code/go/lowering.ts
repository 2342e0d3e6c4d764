import type { Place, SourceFile } from '../../syntax/index.ts';
import type { SyntaxNode } from '../syntax-tree.ts';
import type { LocalNames } from './local-names.ts';

/** What the lowering of one file carries along. */
export interface Lowering {
  readonly file: SourceFile;
  /** Names under which the file imports packages, and their paths. */
  readonly imports: ReadonlyMap<string, string>;
  /** The name that the innermost method gives its receiver. */
  readonly receiver: string | undefined;
  /** Variables that the enclosing blocks declare. */
  readonly names: LocalNames;
  /** Names of the results of the innermost function, which a bare `return` gives back. */
  readonly results: readonly string[];
}

export function textOf(node: SyntaxNode, lowering: Lowering): string {
  return lowering.file.text.slice(node.start, node.end);
}

export function placeOf(node: SyntaxNode, lowering: Lowering): Place {
  return { file: lowering.file.path, span: { start: node.start, end: node.end } };
}
