import type { Place, SourceFile } from '../syntax/index.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** What the lowering of every language carries along: the file that the nodes lie in. */
export interface InFile {
  readonly file: SourceFile;
}

/** How a node is written. */
export function textOf(node: SyntaxNode, { file }: InFile): string {
  return file.text.slice(node.start, node.end);
}

/** Where a node stands. */
export function placeOf(node: SyntaxNode, { file }: InFile): Place {
  return { file: file.path, span: { start: node.start, end: node.end } };
}
