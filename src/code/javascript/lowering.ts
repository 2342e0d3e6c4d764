import type { Expression } from '../ir.ts';
import { type InFile, placeOf } from '../places.ts';
import type { SyntaxNode } from '../syntax-tree.ts';

/** What the lowering of one file carries along. */
export interface Lowering extends InFile {
  /** Exports written at the top of the file: they see the last value of a name, so they run last (ECMA-262, 16.2.3). */
  readonly exports: ExportedName[];
}

/** `name` is exported as what a local name or an expression says. */
export interface ExportedName {
  readonly name: string;
  readonly value: Expression;
}

/** A name at the place of a node. */
export function nameAt(name: string, node: SyntaxNode, lowering: Lowering): Expression {
  return { kind: 'name', name, place: placeOf(node, lowering) };
}

/** A constant at the place of a node. */
export function literalAt(value: string | number | boolean | null, node: SyntaxNode, lowering: Lowering): Expression {
  return { kind: 'literal', value, place: placeOf(node, lowering) };
}
