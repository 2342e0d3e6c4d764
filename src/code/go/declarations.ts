import type { ClassNode, Expression, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerFunction, lowerMethod, receiverType } from './functions.ts';
import { lowerImports } from './imports.ts';
import { nameOf } from './literals.ts';
import type { Lowering } from './lowering.ts';
import { lowerStatement } from './statements.ts';
import { fieldsOf, typeName } from './types.ts';

type Member = ClassNode['members'][number];

/** Everything that a file declares: packages, types with their methods, functions, then variables. */
export function lowerDeclarations(root: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const place = placeOf(root, lowering);
  const parts = root.children.flatMap((child) => (child.type === 'ERROR' ? child.children : [child]));
  const methods = methodsByType(parts, lowering);
  const classes = parts.flatMap((child) => lowerTypes(child, methods, lowering));
  const known = new Set(classes.map(({ name }) => name));
  const elsewhere = [...methods]
    .filter(([type]) => !known.has(type))
    .map(([type, members]): ClassNode => ({ ...emptyClass(type, root, lowering), members, extends: true }));
  const functions = parts
    .filter(({ type }) => type === 'function_declaration')
    .map((child): Statement => {
      return { kind: 'function', function: lowerFunction(child, lowering), place: placeOf(child, lowering) };
    });
  const variables = parts
    .filter(({ type }) => type === 'var_declaration' || type === 'const_declaration')
    .flatMap((child) => lowerStatement(child, lowering));
  const names = [
    ...classes.flatMap(({ name }) => name ?? []),
    ...functions.flatMap((made) => (made.kind === 'function' ? (made.function.name ?? []) : [])),
    ...variables.flatMap((made) => (made.kind === 'declare' ? made.names : [])),
  ];
  return [
    { kind: 'declare', names: [...new Set(names)], scope: 'function', place },
    ...lowerImports(root, lowering),
    ...[...classes, ...elsewhere].map((made): Statement => ({ kind: 'class', class: made, place: made.place })),
    ...functions,
    ...variables.filter(({ kind }) => kind !== 'declare'),
  ];
}

function methodsByType(parts: readonly SyntaxNode[], lowering: Lowering): ReadonlyMap<string, readonly Member[]> {
  const methods = new Map<string, Member[]>();
  for (const node of parts) {
    const type = node.type === 'method_declaration' ? receiverType(node, lowering) : undefined;
    const name = childOf(node, 'name');
    if (type === undefined || !name) continue;
    const made = lowerMethod(node, lowering);
    const member: Member = { ...field(textOf(name, lowering), undefined), kind: 'method', function: made };
    const known = methods.get(type);
    if (known) known.push(member);
    else methods.set(type, [member]);
  }
  return methods;
}

function emptyClass(name: string, node: SyntaxNode, lowering: Lowering): ClassNode {
  return { name, bases: [], decorators: [], members: [], place: placeOf(node, lowering) };
}

/** The types of a `type` declaration that have fields or methods. */
export function lowerTypes(
  node: SyntaxNode,
  methods: ReadonlyMap<string, readonly Member[]>,
  lowering: Lowering,
): readonly ClassNode[] {
  if (node.type !== 'type_declaration') return [];
  return node.children.flatMap((spec): ClassNode[] => {
    const name = childOf(spec, 'name');
    const type = childOf(spec, 'type');
    if (spec.type !== 'type_spec' || !name || !type) return [];
    const spelled = textOf(name, lowering);
    const own = methods.get(spelled) ?? [];
    const made = emptyClass(spelled, spec, lowering);
    if (type.type === 'struct_type') {
      const fields = fieldsOf(type);
      return [{ ...made, bases: basesOf(fields, lowering), members: [...lowerFields(fields, lowering), ...own] }];
    }
    if (type.type === 'interface_type')
      return [{ ...made, bases: embedded(type, lowering), members: required(type, lowering), interface: true }];
    const base = typeName(type, lowering);
    if (own.length === 0 && !base?.includes('.')) return [];
    return [{ ...made, bases: base === undefined ? [] : [nameOf(base, made.place)], members: own }];
  });
}

/** Locks are embedded everywhere and say nothing of what a thing is. */
const SAYS_NOTHING = /^sync\./;

/** Embedded types: their methods and fields are those of the type itself. */
function basesOf(fields: readonly SyntaxNode[], lowering: Lowering): readonly Expression[] {
  return fields.flatMap((node) => {
    const name = childOf(node, 'name') ? undefined : typeName(childOf(node, 'type'), lowering);
    return name === undefined || SAYS_NOTHING.test(name) ? [] : [nameOf(name, placeOf(node, lowering))];
  });
}

function lowerFields(fields: readonly SyntaxNode[], lowering: Lowering): readonly Member[] {
  return fields.flatMap((node): Member[] => {
    const type = childOf(node, 'type');
    const annotation = typeName(type, lowering) ?? '';
    const names = childrenOf(node, 'name').flatMap((name) => (name.named ? textOf(name, lowering) : []));
    const embeddedName = annotation.slice(annotation.lastIndexOf('.') + 1);
    return (names.length > 0 ? names : [embeddedName]).map((name) => field(name, annotation));
  });
}

function field(name: string, annotation: string | undefined): Member {
  return { name, static: false, kind: 'field', function: undefined, value: undefined, decorators: [], annotation };
}

/** The methods that an interface wants. */
function required(type: SyntaxNode, lowering: Lowering): readonly Member[] {
  return type.children.flatMap((child): Member[] => {
    const name = child.type === 'method_elem' ? childOf(child, 'name') : undefined;
    return name ? [{ ...field(textOf(name, lowering), undefined), kind: 'method' }] : [];
  });
}

/** The interfaces that an interface takes in. */
function embedded(type: SyntaxNode, lowering: Lowering): readonly Expression[] {
  return type.children.flatMap((child) => {
    const listed = child.type === 'type_elem' ? namedChildren(child) : [];
    const name = listed.length === 1 ? typeName(listed[0], lowering) : undefined;
    return name === undefined ? [] : [nameOf(name, placeOf(child, lowering))];
  });
}
