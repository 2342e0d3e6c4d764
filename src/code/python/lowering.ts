import type { Place, SourceFile } from '../../syntax/index.ts';
import type { SyntaxNode } from '../syntax-tree.ts';

/** What the lowering of one file carries along. */
export interface Lowering {
  readonly file: SourceFile;
  /** The name that the innermost method gives its receiver. */
  readonly receiver: string | undefined;
}

export function textOf(node: SyntaxNode, lowering: Lowering): string {
  return lowering.file.text.slice(node.start, node.end);
}

export function placeOf(node: SyntaxNode, lowering: Lowering): Place {
  return { file: lowering.file.path, span: { start: node.start, end: node.end } };
}
