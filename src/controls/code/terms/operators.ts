import type { SyntaxNode } from '../../../code/index.ts';
import { BINARY, type LanguageTable, type TermRow } from './table.ts';

/** Signs that Go, Java and JavaScript share; every other one is an operation. */
const SIGNS: { readonly [sign: string]: TermRow['kind'] } = {
  '&&': 'and',
  '||': 'or',
  '==': 'compare',
  '!=': 'compare',
  '<': 'compare',
  '<=': 'compare',
  '>': 'compare',
  '>=': 'compare',
};

/** How the binary and unary expressions of C's descendants become terms. @param own what only this language has. */
export function chooseByOperator(
  own: { readonly binary?: typeof SIGNS; readonly unary?: typeof SIGNS } = {},
): NonNullable<LanguageTable['choose']> {
  const binary = new Map(Object.entries({ ...SIGNS, ...own.binary }));
  const unary = new Map(Object.entries({ '!': 'not' as const, ...own.unary }));
  return (node, textOf) => {
    const sign = operatorOf(node, textOf);
    if (node.type === 'binary_expression')
      return { kind: binary.get(sign) ?? 'operation', text: { field: 'operator' }, roles: BINARY };
    if (node.type !== 'unary_expression') return undefined;
    const kind = unary.get(sign);
    return kind === undefined ? { kind: 'operation', text: { field: 'operator' } } : { kind };
  };
}

/** The sign or word between the parts of an expression; empty when there is none. */
export function operatorOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string {
  const operator = node.children.find((child) => child.field === 'operator');
  return operator === undefined ? '' : textOf(operator);
}
