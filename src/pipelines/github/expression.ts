import {
  Binary,
  ContextAccess,
  type Expr,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Star,
  Unary,
} from '@actions/expressions/ast';
import { Lexer, TokenType } from '@actions/expressions/lexer';
import { Parser } from '@actions/expressions/parser';
import { rememberTexts } from '../../text/index.ts';

/** A GitHub expression as a tree small enough to judge. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `github.event.issue.title`; `*` for a filter or an index known only at run time. */
  | { readonly kind: 'context'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  /** A member of what another expression yields: `fromJSON(x).y`. */
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'all' | 'any'; readonly operands: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly operator: 'equal' | 'unequal' | 'order';
      readonly left: Expression;
      readonly right: Expression;
    };

const CONTEXT_NAMES = [
  ...['github', 'env', 'vars', 'job', 'jobs', 'steps', 'runner', 'secrets', 'strategy', 'matrix', 'needs', 'inputs'],
];

const any = (name: string) => ({ name, description: name, minArgs: 0, maxArgs: 255 });

/** The functions that the parser's own list lacks. */
const FUNCTIONS = ['always', 'success', 'failure', 'cancelled', 'hashFiles', 'case'].map(any);

/** Longest expression that is parsed; GitHub's own limit is 21,000 characters for a whole template value. */
const MOST_CHARACTERS = 21_000;

/** Parse what stands between `${{` and `}}`. Undefined when it is not an expression. */
export const parseExpression: (source: string) => Expression | undefined = rememberTexts(parse);

function parse(source: string): Expression | undefined {
  if (source.length > MOST_CHARACTERS) return undefined;
  try {
    return convert(new Parser(new Lexer(source).lex().tokens, CONTEXT_NAMES, FUNCTIONS).parse());
  } catch {
    // The library reports every fault of the text by an exception; the caller sees "not an expression".
    return undefined;
  }
}

/** The parser limits the depth of what it returns, so this recursion is bounded too. */
function convert(expression: Expr): Expression {
  if (expression instanceof Literal) return { kind: 'literal', value: literalOf(expression) };
  if (expression instanceof Grouping) return convert(expression.group);
  if (expression instanceof ContextAccess) return { kind: 'context', path: [expression.name.lexeme] };
  if (expression instanceof IndexAccess) return convertIndex(expression);
  if (expression instanceof Unary) return { kind: 'not', operand: convert(expression.expr) };
  if (expression instanceof FunctionCall) {
    return {
      kind: 'call',
      name: expression.functionName.lexeme.toLowerCase(),
      arguments: expression.args.map(convert),
    };
  }
  if (expression instanceof Logical) {
    const kind = expression.operator.type === TokenType.AND ? 'all' : 'any';
    return { kind, operands: expression.args.map(convert) };
  }
  if (expression instanceof Binary) {
    const type = expression.operator.type;
    const operator =
      type === TokenType.EQUAL_EQUAL ? 'equal' : type === TokenType.BANG_EQUAL ? 'unequal' : ('order' as const);
    return { kind: 'compare', operator, left: convert(expression.left), right: convert(expression.right) };
  }
  return { kind: 'literal', value: null };
}

function literalOf(literal: Literal): string | number | boolean | null {
  const value = literal.token.value;
  if (value !== undefined) return value;
  if (literal.token.type === TokenType.IDENTIFIER) return literal.token.lexeme;
  const spelled = literal.token.lexeme.toLowerCase();
  return spelled === 'true' ? true : spelled === 'false' ? false : null;
}

function convertIndex(expression: IndexAccess): Expression {
  const of = convert(expression.expr);
  const name = segmentOf(expression.index);
  return of.kind === 'context' ? { kind: 'context', path: [...of.path, name] } : { kind: 'member', of, name };
}

function segmentOf(index: Expr): string {
  if (index instanceof Star) return '*';
  if (index instanceof Literal) {
    const value = literalOf(index);
    return typeof value === 'string' ? value : '*';
  }
  return '*';
}
