import type { SyntaxNode } from '../../../code/index.ts';
import type { Role, TermKind } from './term.ts';

/** How one kind of node becomes a term. */
export interface TermRow {
  readonly kind: TermKind;
  /** Where the text comes from: the whole node, or the field that holds it. */
  readonly text?: 'whole' | 'content' | { readonly field: string };
  /** What the fields mean; a field that is not named keeps its parts without a role. */
  readonly roles?: { readonly [field: string]: Role };
  /** The role of children without a field. */
  readonly rest?: Role;
}

/** One language as rows. */
export interface LanguageTable {
  readonly rows: { readonly [type: string]: TermRow };
  /** Nodes that stand for their only part: parentheses, statement wrappers, casts. */
  readonly transparent: ReadonlySet<string>;
  /** Nodes that say nothing about behaviour: comments, types, keywords. */
  readonly ignored: ReadonlySet<string>;
  /** A row that depends on more than the kind of the node. */
  readonly choose?: (node: SyntaxNode, textOf: (node: SyntaxNode) => string) => TermRow | undefined;
}

export const NAME: TermRow = { kind: 'name', text: 'whole' };
export const CONSTANT: TermRow = { kind: 'constant', text: 'whole' };
export const NUMBER: TermRow = { kind: 'number', text: 'whole' };
export const STRING: TermRow = { kind: 'string', text: 'content' };

export const CALL = { function: 'callee', constructor: 'callee', type: 'callee', arguments: 'arguments' } as const;
export const MEMBER = {
  object: 'object',
  operand: 'object',
  value: 'object',
  property: 'property',
  field: 'property',
  attribute: 'property',
  name: 'property',
} as const;
export const INDEX = {
  object: 'object',
  operand: 'object',
  value: 'object',
  array: 'object',
  index: 'key',
  subscript: 'key',
} as const;
export const BRANCH = {
  condition: 'test',
  consequence: 'then',
  alternative: 'else',
  initializer: 'initializer',
  body: 'then',
} as const;
export const BINARY = { left: 'left', right: 'right' } as const;
export const FUNCTION = {
  name: 'name',
  parameters: 'parameters',
  parameter: 'parameters',
  receiver: 'receiver',
  body: 'body',
  decorator: 'decorator',
} as const;
export const PAIR = { key: 'key', name: 'key', value: 'value' } as const;
export const ASSIGN = { left: 'left', name: 'left', right: 'right', value: 'right' } as const;
