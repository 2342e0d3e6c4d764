import type { Case, Expression, Statement } from '../ir.ts';
import { placeOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { declareNames } from './assignments.ts';
import { lowerExpression, lowerTest } from './expressions.ts';
import { LocalNames } from './local-names.ts';
import type { Lowering } from './lowering.ts';
import { lowerAll, lowerStatement } from './statements.ts';
import { lowerTarget } from './targets.ts';
import { typeName } from './types.ts';

/** `switch x { case a, b: … }`; without a subject it is a chain of tests. */
export function lowerSwitch(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const inner: Lowering = { ...lowering, names: new LocalNames(lowering.names) };
  const initialiser = childOf(node, 'initializer');
  const subject = childOf(node, 'value');
  const place = placeOf(node, lowering);
  const first = initialiser ? lowerStatement(initialiser, inner) : [];
  const clauses = clausesOf(node);
  const chosen: Statement = subject
    ? choice(
        lowerExpression(subject, inner),
        clauses.map((clause) => valueCase(clause, inner)),
        place,
      )
    : choice({ kind: 'unknown', parts: [], place }, [closed(testChain(clauses, inner), place)], place);
  return first.length === 0 ? [chosen] : [{ kind: 'block', body: [...first, chosen], place }];
}

/** Every case but one that says `fallthrough` ends with a `break`, which leaves the `switch`. */
function choice(subject: Expression, cases: readonly Case[], place: Statement['place']): Statement {
  return { kind: 'choice', subject, cases, fallsThrough: true, place };
}

function closed(body: readonly Statement[], place: Statement['place']): Case {
  return { values: [], body: [...body, { kind: 'break', place }], bindings: [] };
}

const CLAUSES = new Set(['expression_case', 'default_case', 'type_case', 'communication_case']);

/** The default may stand anywhere and is tried last. */
function clausesOf(node: SyntaxNode): readonly SyntaxNode[] {
  const clauses = node.children.filter(({ type }) => CLAUSES.has(type));
  return [
    ...clauses.filter(({ type }) => type !== 'default_case'),
    ...clauses.filter(({ type }) => type === 'default_case'),
  ];
}

const HEADS = new Set(['value', 'type', 'communication']);

function bodyNodes(clause: SyntaxNode): readonly SyntaxNode[] {
  return clause.children.filter(({ named, field }) => named && !(field && HEADS.has(field)));
}

function valueCase(clause: SyntaxNode, lowering: Lowering): Case {
  const list = childOf(clause, 'value');
  const values = list ? namedChildren(list).map((value) => lowerExpression(value, lowering)) : [];
  const body = lowerAll(bodyNodes(clause), lowering);
  const place = placeOf(clause, lowering);
  return fallsThrough(clause) ? { values, body, bindings: [] } : { ...closed(body, place), values };
}

function fallsThrough(clause: SyntaxNode): boolean {
  const list = clause.children.find(({ type }) => type === 'statement_list') ?? clause;
  return list.children.some(({ type }) => type === 'fallthrough_statement');
}

function testChain(clauses: readonly SyntaxNode[], lowering: Lowering): readonly Statement[] {
  let otherwise: readonly Statement[] = [];
  for (const clause of clauses.toReversed()) {
    const then = lowerAll(bodyNodes(clause), lowering);
    const list = childOf(clause, 'value');
    const tests = list ? namedChildren(list).map((value) => lowerTest(value, lowering)) : [];
    const place = placeOf(clause, lowering);
    const [first, ...rest] = tests;
    const test = rest.reduce<Expression | undefined>(
      (left, right) => left && { kind: 'logical', operator: 'or', left, right, place },
      first,
    );
    otherwise = test ? [{ kind: 'branch', test, then, otherwise, place }] : then;
  }
  return otherwise;
}

/** `switch v := x.(type)`: in each case of one type the variable has that type. */
export function lowerTypeSwitch(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const inner: Lowering = { ...lowering, names: new LocalNames(lowering.names) };
  const initialiser = childOf(node, 'initializer');
  const alias = childOf(node, 'alias');
  const subject = childOf(node, 'value');
  const place = placeOf(node, lowering);
  const first = initialiser ? lowerStatement(initialiser, inner) : [];
  const value: Expression = subject ? lowerExpression(subject, inner) : { kind: 'unknown', parts: [], place };
  const [name] = alias ? namedChildren(alias) : [];
  const cases = clausesOf(node).map((clause): Case => {
    const scope: Lowering = { ...inner, names: new LocalNames(inner.names) };
    const types = childrenOf(clause, 'type').filter(({ named }) => named);
    const [type] = types;
    const declared = name ? declareNames([name], undefined, scope) : [];
    const target = name && lowerTarget(name, scope);
    const spelled = types.length === 1 ? (typeName(type, scope) ?? '') : '';
    const typed: Expression = { kind: 'typed', type: spelled, value, place };
    const bound: readonly Statement[] = target
      ? [...declared, { kind: 'assign', target, value: typed, operator: 'set', place }]
      : [];
    const body = closed([...bound, ...lowerAll(bodyNodes(clause), scope)], place);
    return type ? { ...body, values: [{ kind: 'unknown', parts: [], place }] } : body;
  });
  return [{ kind: 'block', body: [...first, choice({ kind: 'unknown', parts: [], place }, cases, place)], place }];
}

/** `select`: any of the cases, after what it sends or receives. */
export function lowerSelect(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const place = placeOf(node, lowering);
  const cases = clausesOf(node).map((clause): Case => {
    const scope: Lowering = { ...lowering, names: new LocalNames(lowering.names) };
    const communication = childOf(clause, 'communication');
    const first = communication ? lowerCommunication(communication, scope) : [];
    const body = closed([...first, ...lowerAll(bodyNodes(clause), scope)], place);
    return communication ? { ...body, values: [{ kind: 'unknown', parts: [], place }] } : body;
  });
  return [choice({ kind: 'unknown', parts: [], place }, cases, place)];
}

/** `v := <-ch` or `ch <- v`. */
function lowerCommunication(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  if (node.type !== 'receive_statement') return lowerStatement(node, lowering);
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (!right) return [];
  const place = placeOf(node, lowering);
  const value = lowerExpression(right, lowering);
  const [first] = left ? namedChildren(left) : [];
  const declared = first ? declareNames([first], undefined, lowering) : [];
  const target = first && lowerTarget(first, lowering);
  return target ? [...declared, { kind: 'assign', target, value, operator: 'set', place }] : [];
}
