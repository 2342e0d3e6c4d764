import type { ClassNode, Expression, FunctionNode, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import { lowerDecorators, lowerFunction, parameterFields } from './functions.ts';
import { type Lowering, nameAt } from './lowering.ts';
import { lowerBlock } from './statements.ts';
import { keyText } from './targets.ts';
import { annotationOf } from './types.ts';

type Member = ClassNode['members'][number];

/** Lower a class. Fields of instances are set at the beginning of the constructor, which is made when there is none. */
export function lowerClass(
  node: SyntaxNode,
  decorators: readonly Expression[],
  lowering: Lowering,
  given?: string,
): ClassNode {
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const bases = basesOf(node, lowering);
  const members: Member[] = [];
  const fields: Statement[] = [];
  let pending: Expression[] = [];
  for (const child of body?.children ?? []) {
    if (child.type === 'decorator') {
      pending = [...pending, ...namedChildren(child).map((inner) => lowerExpression(inner, lowering))];
      continue;
    }
    const own = [...pending, ...lowerDecorators(child, lowering)];
    pending = [];
    for (const member of lowerMember(child, own, fields, name && textOf(name, lowering), lowering))
      members.push(member);
  }
  return {
    name: name ? textOf(name, lowering) : given,
    bases,
    decorators: [...decorators, ...lowerDecorators(node, lowering)],
    members: withFields(members, fields, bases.length > 0, node, lowering),
    place: placeOf(node, lowering),
  };
}

function basesOf(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  const heritage = node.children.find((child) => child.type === 'class_heritage');
  if (!heritage) return [];
  const clause = heritage.children.find((child) => child.type === 'extends_clause');
  const inner = clause
    ? childOf(clause, 'value')
    : namedChildren(heritage).find((child) => !child.type.endsWith('_clause'));
  return inner ? [lowerExpression(inner, lowering)] : [];
}

function lowerMember(
  node: SyntaxNode,
  decorators: readonly Expression[],
  fields: Statement[],
  className: string | undefined,
  lowering: Lowering,
): readonly Member[] {
  switch (node.type) {
    case 'method_definition':
      return [methodMember(node, decorators, lowering)];
    case 'field_definition':
    case 'public_field_definition':
      return fieldMember(node, decorators, fields, lowering);
    case 'class_static_block':
      return [blockMember(node, className, lowering)];
    default:
      return [];
  }
}

function methodMember(node: SyntaxNode, decorators: readonly Expression[], lowering: Lowering): Member {
  const identifier = childOf(node, 'name');
  const name = identifier ? keyText(identifier, lowering) : '';
  const kind =
    name === 'constructor'
      ? 'constructor'
      : hasToken(node, 'get')
        ? 'getter'
        : hasToken(node, 'set')
          ? 'setter'
          : 'method';
  const method = lowerFunction(node, decorators, lowering);
  const body = kind === 'constructor' ? afterSuper(method.body, parameterFields(node, lowering)) : method.body;
  return {
    name,
    static: hasToken(node, 'static'),
    kind,
    function: { ...method, body },
    value: undefined,
    decorators,
    annotation: undefined,
  };
}

/** A static field is one of the class; another one is set in the constructor, and stands here for its type. */
function fieldMember(
  node: SyntaxNode,
  decorators: readonly Expression[],
  fields: Statement[],
  lowering: Lowering,
): readonly Member[] {
  const identifier = childOf(node, 'name') ?? childOf(node, 'property');
  if (!identifier) return [];
  const name = keyText(identifier, lowering);
  const written = childOf(node, 'value');
  const value = written && lowerExpression(written, lowering, name);
  const isStatic = hasToken(node, 'static');
  const place = placeOf(node, lowering);
  if (value && !isStatic) {
    const target = { kind: 'member', object: { kind: 'self', place }, name, place } as const;
    fields.push({ kind: 'assign', target, value, operator: 'set', place });
  }
  const annotation = annotationOf(childOf(node, 'type'), lowering);
  const kept = isStatic ? value : undefined;
  return [{ name, static: isStatic, kind: 'field', function: undefined, value: kept, decorators, annotation }];
}

/** A static block runs once, with the class as `this`: a static field that holds the result of a function with its body. */
function blockMember(node: SyntaxNode, className: string | undefined, lowering: Lowering): Member {
  const body = childOf(node, 'body');
  const place = placeOf(node, lowering);
  const arrow = className === undefined;
  const run = plainFunction(undefined, body ? lowerBlock(body.children, lowering) : [], arrow, node, lowering);
  const made: Expression = { kind: 'function', function: run, place };
  const callee: Expression = arrow ? made : { kind: 'member', object: made, name: 'call', optional: false, place };
  const self = arrow ? [] : [{ name: undefined, value: nameAt(className, node, lowering), spread: false }];
  const value: Expression = { kind: 'call', callee, arguments: self, construct: false, place };
  const name = `static ${node.start}`;
  return { name, static: true, kind: 'field', function: undefined, value, decorators: [], annotation: undefined };
}

function plainFunction(
  name: string | undefined,
  body: readonly Statement[],
  arrow: boolean,
  node: SyntaxNode,
  lowering: Lowering,
): FunctionNode {
  const place = placeOf(node, lowering);
  return { name, parameters: [], body, decorators: [], async: false, generator: false, arrow, place };
}

function withFields(
  members: readonly Member[],
  fields: readonly Statement[],
  derived: boolean,
  node: SyntaxNode,
  lowering: Lowering,
): readonly Member[] {
  if (fields.length === 0) return members;
  const written = members.find((member) => member.kind === 'constructor');
  const made = written?.function ?? impliedConstructor(derived, node, lowering);
  const member: Member = {
    name: 'constructor',
    static: false,
    kind: 'constructor',
    function: { ...made, body: afterSuper(made.body, fields) },
    value: undefined,
    decorators: written?.decorators ?? [],
    annotation: undefined,
  };
  return [...members.filter((other) => other !== written), member];
}

/** `constructor(...given) { super(...given) }` (ECMA-262, 15.7.14). */
function impliedConstructor(derived: boolean, node: SyntaxNode, lowering: Lowering): FunctionNode {
  const place = placeOf(node, lowering);
  const empty = plainFunction('constructor', [], false, node, lowering);
  if (!derived) return empty;
  const given: Expression = { kind: 'name', name: 'given', place };
  const callee: Expression = { kind: 'name', name: 'super', place };
  const parent: Expression = { kind: 'call', callee, arguments: [], construct: false, place };
  const call: Expression = {
    kind: 'call',
    callee: { kind: 'member', object: parent, name: 'constructor', optional: false, place },
    arguments: [{ name: undefined, value: given, spread: true }],
    construct: false,
    place,
  };
  const target = { kind: 'name', name: 'given', place } as const;
  const rest = 'positional' as const;
  return {
    ...empty,
    parameters: [{ target, name: 'given', default: undefined, rest, annotation: undefined, decorators: [] }],
    body: [{ kind: 'expression', value: call, place }],
  };
}

/** Fields exist once the base's constructor has run. */
function afterSuper(body: readonly Statement[], fields: readonly Statement[]): readonly Statement[] {
  if (fields.length === 0) return body;
  const call = body.findIndex((statement) => statement.kind === 'expression' && isSuperCall(statement.value));
  const at = call >= 0 ? call + 1 : body[0]?.kind === 'declare' ? 1 : 0;
  return [...body.slice(0, at), ...fields, ...body.slice(at)];
}

function isSuperCall(value: Expression): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.name !== 'constructor') return false;
  const { object } = value.callee;
  return object.kind === 'call' && object.callee.kind === 'name' && object.callee.name === 'super';
}
