import type { ClassNode, Expression, FunctionNode, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerAnnotations } from './annotations.ts';
import { CLASSES, contextOf, isStatic } from './class-context.ts';
import { lowerExpression } from './expressions.ts';
import { lowerConstructor, lowerMethod, lowerParameters } from './functions.ts';
import { type Lowering, withLocals } from './lowering.ts';
import { lowerMapperMethod } from './mapper-statements.ts';
import { classExpression } from './names.ts';
import { lowerBlock } from './statements.ts';
import { declaredType, typeName } from './types.ts';

type Member = ClassNode['members'][number];

/** Lower a class, an interface, an enumeration or a record with everything inside of it. */
export function lowerClass(node: SyntaxNode, lowering: Lowering): ClassNode {
  const identifier = childOf(node, 'name');
  const name = identifier ? textOf(identifier, lowering) : '';
  const body = childOf(node, 'body');
  const fields = node.type === 'record_declaration' ? namedChildren(childOf(node, 'parameters') ?? node) : [];
  const made = lowerBody(name, body ? membersOf(body) : [], fields, lowering);
  return {
    name,
    bases: basesOf(node, lowering),
    decorators: lowerAnnotations(node, lowering),
    members: made,
    place: placeOf(node, lowering),
    ...(node.type === 'interface_declaration' ? { interface: true } : {}),
  };
}

/** `new Base() { … }`: a class without a name. */
export function lowerAnonymousClass(base: Expression, body: SyntaxNode, lowering: Lowering): ClassNode {
  return {
    name: undefined,
    bases: [base],
    decorators: [],
    members: lowerBody(`anonymous${body.start}`, membersOf(body), [], lowering),
    place: placeOf(body, lowering),
  };
}

function membersOf(body: SyntaxNode): readonly SyntaxNode[] {
  return body.children.flatMap((child) =>
    child.type === 'enum_body_declarations' || child.type === 'ERROR' ? child.children : [child],
  );
}

function lowerBody(
  name: string,
  members: readonly SyntaxNode[],
  fields: readonly SyntaxNode[],
  lowering: Lowering,
): readonly Member[] {
  const context = contextOf(name, [...members, ...fields], lowering.class, lowering.file.text);
  // A class inside of a method sees the method's variables, save those that its own members hide.
  const locals = new Set([...lowering.locals].filter((local) => !context.members.has(local)));
  const inner: Lowering = { ...lowering, class: context, static: false, locals };
  return [...recordMembers(fields, inner), ...members.flatMap((member) => lowerMember(member, inner))];
}

function basesOf(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  const clauses = node.children.filter(
    ({ type }) => type === 'superclass' || type === 'super_interfaces' || type === 'extends_interfaces',
  );
  const types = clauses.flatMap((clause) =>
    namedChildren(clause).flatMap((child) => (child.type === 'type_list' ? namedChildren(child) : [child])),
  );
  return types.flatMap((type) => {
    const name = typeName(type, lowering);
    return name === undefined ? [] : [classExpression(name, placeOf(type, lowering))];
  });
}

const EMPTY = { static: false, function: undefined, value: undefined, decorators: [], annotation: undefined } as const;

function lowerMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  const identifier = childOf(node, 'name');
  const name = identifier ? textOf(identifier, lowering) : '';
  if (node.type === 'method_declaration') {
    const decorators = lowerAnnotations(node, lowering);
    const made = childOf(node, 'body') ? lowerMethod(node, lowering) : lowerMapperMethod(node, decorators, lowering);
    return [{ ...EMPTY, name, kind: 'method', static: isStatic(node), function: made, decorators }];
  }
  if (node.type === 'constructor_declaration' || node.type === 'compact_constructor_declaration')
    return [{ ...EMPTY, name: '<init>', kind: 'constructor', function: lowerConstructor(node, lowering) }];
  if (node.type === 'field_declaration' || node.type === 'constant_declaration') return lowerFields(node, lowering);
  if (CLASSES.has(node.type)) {
    const made = lowerClass(node, lowering);
    return [{ ...EMPTY, name, kind: 'field', static: true, value: { kind: 'class', class: made, place: made.place } }];
  }
  if (node.type === 'enum_constant') return [lowerConstant(node, name, lowering)];
  const [fixed] = node.type === 'static_initializer' ? namedChildren(node) : [];
  if (fixed) lowering.initialisers.push(lowerInitialiser(fixed, lowering));
  return node.type === 'block' ? [initialiser(node, lowering)] : [];
}

/** One of an enumeration: a constant whose text is its name, or with a body something of a class of its own. */
function lowerConstant(node: SyntaxNode, name: string, lowering: Lowering): Member {
  const place = placeOf(node, lowering);
  const type = lowering.class?.path ?? '';
  const body = childOf(node, 'body');
  const value: Expression = body
    ? {
        kind: 'call',
        callee: { kind: 'class', class: lowerAnonymousClass(classExpression(type, place), body, lowering), place },
        arguments: [],
        construct: true,
        place,
      }
    : { kind: 'literal', value: name, place };
  return { ...EMPTY, name, kind: 'field', static: true, value };
}

function lowerFields(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  const annotation = declaredType(node, lowering) ?? '';
  const fixed = isStatic(node) || node.type === 'constant_declaration';
  const decorators = lowerAnnotations(node, lowering);
  return childrenOf(node, 'declarator').flatMap((declarator): Member[] => {
    const name = childOf(declarator, 'name');
    const initial = childOf(declarator, 'value');
    if (!name) return [];
    const inner: Lowering = { ...lowering, static: fixed };
    const lowered = initial && lowerExpression(initial, inner);
    const value: Expression | undefined =
      lowered && annotation !== ''
        ? { kind: 'typed', type: annotation, value: lowered, place: lowered.place }
        : lowered;
    return [{ ...EMPTY, name: textOf(name, lowering), kind: 'field', static: fixed, value, decorators, annotation }];
  });
}

/** A block of a class is run like a method that nobody calls. */
function initialiser(block: SyntaxNode, lowering: Lowering): Member {
  const body = lowerBlock(block, withLocals(lowering, []));
  return { ...EMPTY, name: '<clinit>', kind: 'method', function: plainFunction('<clinit>', body, block, lowering) };
}

/** `static { … }`: a function that is called where it stands. */
function lowerInitialiser(block: SyntaxNode, lowering: Lowering): Statement {
  const body = lowerBlock(block, withLocals({ ...lowering, static: true }, []));
  const place = placeOf(block, lowering);
  const made = plainFunction('<clinit>', body, block, lowering);
  const callee: Expression = { kind: 'function', function: { ...made, arrow: true }, place };
  return { kind: 'expression', value: { kind: 'call', callee, arguments: [], construct: false, place }, place };
}

function plainFunction(name: string, body: readonly Statement[], node: SyntaxNode, lowering: Lowering): FunctionNode {
  const place = placeOf(node, lowering);
  return { name, parameters: [], body, decorators: [], async: false, generator: false, arrow: false, place };
}

/** The fields of a record, their readers, and the constructor that fills them. */
function recordMembers(fields: readonly SyntaxNode[], lowering: Lowering): readonly Member[] {
  const [first] = fields;
  if (!first) return [];
  const parameters = lowerParameters(fields, lowering);
  const fill = parameters.flatMap(({ name, target }): Statement[] => {
    if (name === undefined) return [];
    const { place } = target;
    const field = { kind: 'member', object: { kind: 'self', place }, name, place } as const;
    return [{ kind: 'assign', target: field, value: { kind: 'name', name, place }, operator: 'set', place }];
  });
  const made = { ...plainFunction('<init>', fill, first, lowering), parameters };
  const readers = parameters.flatMap(({ name, target, annotation }): Member[] => {
    if (name === undefined) return [];
    const { place } = target;
    const value: Expression = { kind: 'member', object: { kind: 'self', place }, name, optional: false, place };
    const read = plainFunction(name, [{ kind: 'return', value, place }], first, lowering);
    return [
      { ...EMPTY, name, kind: 'field', annotation: annotation ?? '' },
      { ...EMPTY, name, kind: 'method', function: { ...read, place } },
    ];
  });
  return [{ ...EMPTY, name: '<init>', kind: 'constructor', function: made }, ...readers];
}
