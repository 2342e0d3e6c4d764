import type { ClassNode, Expression, FunctionNode, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { assignedNames } from './assigned-names.ts';
import { lowerArguments, lowerExpression } from './expressions.ts';
import { lowerFunction } from './functions.ts';
import type { Lowering } from './lowering.ts';
import { lowerDecorators, lowerStatement } from './statements.ts';

type Member = ClassNode['members'][number];

/** Lower a class: methods, properties, fields. Where its body does more, the body is run once as a function. */
export function lowerClass(node: SyntaxNode, decorators: readonly Expression[], lowering: Lowering): ClassNode {
  const name = childOf(node, 'name');
  const bases = childOf(node, 'superclasses');
  const body = childOf(node, 'body');
  const inner: Lowering = { ...lowering, receiver: undefined };
  return {
    name: name && textOf(name, lowering),
    bases: bases ? lowerArguments(bases, lowering).flatMap((base) => (base.name ? [] : [base.value])) : [],
    decorators,
    members: body ? [...membersOf(body, inner), ...bodyMember(body, inner)] : [],
    place: placeOf(node, lowering),
  };
}

/** Members in order; of a method that has a name already, what is assigned from it is another name. */
function membersOf(body: SyntaxNode, lowering: Lowering): readonly Member[] {
  const methods = new Map<string, Member>();
  const members: Member[] = [];
  for (const child of body.children)
    for (const member of lowerMember(child, lowering)) {
      const meant = withAlias(member, methods);
      if (meant.function) methods.set(meant.name, meant);
      members.push(meant);
    }
  return lastFirst(members);
}

/** Of several methods of one name the last one counts; those before it may only say its types (`@overload`). */
function lastFirst(members: readonly Member[]): readonly Member[] {
  const keyOf = ({ name, kind }: Member) => `${kind} ${name}`;
  const last = new Map(members.map((member) => [keyOf(member), member]));
  const taken = new Set<Member>();
  return members.flatMap((member) => {
    const final = member.function ? (last.get(keyOf(member)) ?? member) : member;
    const ordered = final === member ? [member] : [final, member];
    return ordered.filter((one) => !taken.has(one) && taken.add(one));
  });
}

/** `run = start`, `run = staticmethod(start)`: the method under another name. */
function withAlias(member: Member, before: ReadonlyMap<string, Member>): Member {
  const { value } = member;
  if (value?.kind === 'call' && value.callee.kind === 'name' && value.arguments.length === 1) {
    const kind = WRAPPERS.get(value.callee.name);
    const given = value.arguments[0]?.value;
    if (kind && given) {
      const found = withAlias({ ...member, value: given }, before);
      return found.function ? { ...found, kind, static: kind === 'method' } : found;
    }
  }
  const method = value?.kind === 'name' ? before.get(value.name) : undefined;
  return method ? { ...method, name: member.name } : member;
}

const WRAPPERS: ReadonlyMap<string, Member['kind']> = new Map([
  ['staticmethod', 'method'],
  ['classmethod', 'method'],
  ['property', 'getter'],
]);

/** Statements of a body that are members and nothing else. */
const DECLARING = new Set([
  'function_definition',
  'decorated_definition',
  'class_definition',
  'pass_statement',
  'comment',
]);
const VALUES = new Set(['assignment', 'string', 'concatenated_string', 'ellipsis']);

/** `class A: print(x)`: the statements of the body, run when the class is made. */
function bodyMember(body: SyntaxNode, lowering: Lowering): readonly Member[] {
  const others = body.children.filter(({ type }) => !DECLARING.has(type));
  const does = others.some(
    (child) => child.type !== 'expression_statement' || namedChildren(child).some(({ type }) => !VALUES.has(type)),
  );
  if (!does) return [];
  const place = placeOf(body, lowering);
  const declared: Statement = { kind: 'declare', names: assignedNames(body, lowering), scope: 'function', place };
  const run: FunctionNode = {
    name: undefined,
    parameters: [],
    body: [declared, ...others.flatMap((child) => lowerStatement(child, lowering))],
    decorators: [],
    async: false,
    generator: false,
    arrow: true,
    place,
  };
  const callee: Expression = { kind: 'function', function: run, place };
  const value: Expression = { kind: 'call', callee, arguments: [], construct: false, place };
  return [{ ...FIELD, name: `body ${body.start}`, static: true, value }];
}

const FIELD = { kind: 'field', function: undefined, decorators: [], annotation: undefined } as const;

/** Blocks in which members may stand: both ways of an `if`, what is tried, what is repeated. */
const BLOCKS = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'try_statement',
  'except_clause',
  'finally_clause',
  'with_statement',
  'for_statement',
  'while_statement',
  'block',
]);

function lowerMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  if (node.type === 'function_definition') return [methodMember(node, [], [], lowering)];
  if (node.type === 'decorated_definition') return lowerDecoratedMember(node, lowering);
  if (node.type === 'expression_statement')
    return namedChildren(node).flatMap((child) => (child.type === 'assignment' ? fieldMember(child, lowering) : []));
  if (BLOCKS.has(node.type)) return node.children.flatMap((child) => lowerMember(child, lowering));
  if (node.type === 'class_definition') return [classMember(node, lowering)];
  return [];
}

function lowerDecoratedMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  const definition = childOf(node, 'definition');
  if (!definition) return [];
  if (definition.type === 'class_definition') return [classMember(definition, lowering)];
  const names = node.children
    .filter((child) => child.type === 'decorator')
    .map((child) => textOf(child, lowering).replace(/^@\s*/, ''));
  return [methodMember(definition, lowerDecorators(node, lowering), names, lowering)];
}

function classMember(node: SyntaxNode, lowering: Lowering): Member {
  const inner = lowerClass(node, [], lowering);
  return {
    name: inner.name ?? '',
    static: true,
    kind: 'field',
    function: undefined,
    value: { kind: 'class', class: inner, place: inner.place },
    decorators: [],
    annotation: undefined,
  };
}

const GETTER = /^(?:property|functools\.cached_property|cached_property)$/;

function methodMember(
  node: SyntaxNode,
  decorators: readonly Expression[],
  names: readonly string[],
  lowering: Lowering,
): Member {
  const identifier = childOf(node, 'name');
  const name = identifier ? textOf(identifier, lowering) : '';
  const isStatic = names.includes('staticmethod');
  const setter = names.some((decorator) => decorator === `${name}.setter`);
  const getter = names.some((decorator) => GETTER.test(decorator));
  const kind = name === '__init__' ? 'constructor' : setter ? 'setter' : getter ? 'getter' : 'method';
  return {
    name,
    static: isStatic || names.includes('classmethod') || name === '__new__',
    kind,
    function: lowerFunction(node, decorators, isStatic ? undefined : 'first parameter', lowering),
    value: undefined,
    decorators,
    annotation: undefined,
  };
}

function fieldMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const type = childOf(node, 'type');
  if (!left) return [];
  // `a = b = 1`: the inner one first.
  const inner = right?.type === 'assignment' ? fieldMember(right, lowering) : [];
  const value = inner[0] ? inner[0].value : right && lowerExpression(right, lowering);
  const annotation = type && textOf(type, lowering);
  if (left.type === 'identifier')
    return [...inner, { ...FIELD, name: textOf(left, lowering), static: right !== undefined, value, annotation }];
  if (left.type !== 'pattern_list' && left.type !== 'tuple_pattern') return inner;
  const parts = namedChildren(left).flatMap((part, at): Member[] => {
    if (part.type !== 'identifier' || !value) return [];
    const { place } = value;
    const key: Expression = { kind: 'literal', value: at, place };
    const item: Expression = { kind: 'index', object: value, key, place };
    return [{ ...FIELD, name: textOf(part, lowering), static: true, value: item }];
  });
  return [...inner, ...parts];
}
