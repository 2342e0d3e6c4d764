import type { Expression, MapPart, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { blockNames, variableNames } from './declared-names.ts';
import { lowerExpression } from './expressions.ts';
import { type ExportedName, type Lowering, literalAt, nameAt } from './lowering.ts';
import { lowerBlock } from './statements.ts';
import { keyText } from './targets.ts';

const NOTHING = new Set(['null', 'undefined', 'predefined_type', 'literal_type']);

/** The name of a type as spelled: `Request` of `Request<P>`, of `Request | undefined` and of `Readonly<Request>` the outer. */
export function annotationOf(node: SyntaxNode | undefined, lowering: Lowering): string | undefined {
  const [inner] = node ? (node.type === 'type_annotation' ? namedChildren(node) : [node]) : [];
  if (!inner) return undefined;
  if (inner.type === 'generic_type') {
    const name = childOf(inner, 'name') ?? namedChildren(inner)[0];
    return name && textOf(name, lowering);
  }
  if (inner.type === 'union_type' || inner.type === 'parenthesized_type') {
    const known = namedChildren(inner).find((child) => !NOTHING.has(child.type));
    return annotationOf(known ?? namedChildren(inner)[0], lowering);
  }
  return textOf(inner, lowering);
}

/** An enumeration is an object of its members; a member without a value counts on from the last. */
export function lowerEnum(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  if (!name || !body) return [];
  const entries: MapPart[] = [];
  let next: number | undefined = 0;
  for (const child of namedChildren(body)) {
    const key = childOf(child, 'name') ?? child;
    const written = childOf(child, 'value');
    const value: Expression = written
      ? lowerExpression(written, lowering)
      : next === undefined
        ? { kind: 'unknown', parts: [], place: placeOf(child, lowering) }
        : literalAt(next, child, lowering);
    next = value.kind === 'literal' && typeof value.value === 'number' ? value.value + 1 : undefined;
    entries.push({ kind: 'entry', key: literalAt(keyText(key, lowering), key, lowering), value });
  }
  const place = placeOf(node, lowering);
  return [assigned(textOf(name, lowering), name, { kind: 'map', entries, place }, lowering)];
}

/** `namespace A.B { export const c = 1 }` is an object whose fields are what it exports. */
export function lowerNamespace(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  if (!name || !body || name.type === 'string') return [];
  const exports: ExportedName[] = [];
  const inner: Lowering = { ...lowering, exports };
  const names = [...blockNames(body.children, lowering), ...variableNames(body, lowering)];
  const place = placeOf(node, lowering);
  const statements = lowerBlock(body.children, inner);
  const path = textOf(name, lowering).split('.');
  const [first = '', ...rest] = path.map((part) => part.trim());
  const fields = exports.map(
    (field): MapPart => ({ kind: 'entry', key: literalAt(field.name, node, lowering), value: field.value }),
  );
  let value: Expression = { kind: 'map', entries: fields, place };
  for (const part of rest.toReversed())
    value = { kind: 'map', entries: [{ kind: 'entry', key: literalAt(part, name, lowering), value }], place };
  const declared: Statement = { kind: 'declare', names, scope: 'block', place };
  return [{ kind: 'block', body: [declared, ...statements, assigned(first, name, value, lowering)], place }];
}

function assigned(name: string, node: SyntaxNode, value: Expression, lowering: Lowering): Statement {
  const place = placeOf(node, lowering);
  return { kind: 'assign', target: { kind: 'name', name, place }, value, operator: 'set', place };
}

/** `import A = N.B`: another name of a namespace's member. */
export function lowerAlias(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const [name, value] = namedChildren(node);
  if (!name || !value) return [];
  const [first = '', ...members] = textOf(value, lowering).split('.');
  let path = nameAt(first, value, lowering);
  for (const member of members)
    path = { kind: 'member', object: path, name: member.trim(), optional: false, place: placeOf(value, lowering) };
  return [assigned(textOf(name, lowering), name, path, lowering)];
}
