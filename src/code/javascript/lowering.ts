import type { Place, SourceFile } from '../../syntax/index.ts';
import type { Expression } from '../ir.ts';
import type { SyntaxNode } from '../syntax-tree.ts';

/** What the lowering of one file carries along. */
export interface Lowering {
  readonly file: SourceFile;
  /** Exports written at the top of the file: they see the last value of a name, so they run last (ECMA-262, 16.2.3). */
  readonly exports: ExportedName[];
}

/** `name` is exported as what a local name or an expression says. */
export interface ExportedName {
  readonly name: string;
  readonly value: Expression;
}

export function textOf(node: SyntaxNode, lowering: Lowering): string {
  return lowering.file.text.slice(node.start, node.end);
}

export function placeOf(node: SyntaxNode, lowering: Lowering): Place {
  return { file: lowering.file.path, span: { start: node.start, end: node.end } };
}

/** A name at the place of a node. */
export function nameAt(name: string, node: SyntaxNode, lowering: Lowering): Expression {
  return { kind: 'name', name, place: placeOf(node, lowering) };
}

/** A constant at the place of a node. */
export function literalAt(value: string | number | boolean | null, node: SyntaxNode, lowering: Lowering): Expression {
  return { kind: 'literal', value, place: placeOf(node, lowering) };
}
