import type { Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerClass } from './classes.ts';
import { blockNames, declaratorNames } from './declared-names.ts';
import { lowerExpression } from './expressions.ts';
import { lowerDecorators, lowerFunction } from './functions.ts';
import { lowerExportClause } from './imports.ts';
import { type Lowering, nameAt } from './lowering.ts';
import { lowerStatement } from './statements.ts';

/** Every form of `export`. What is exported by name is said at the end of the file, when the names have their values. */
export function lowerExport(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const declaration = childOf(node, 'declaration');
  if (declaration) return lowerExportedDeclaration(node, declaration, lowering);
  const value = childOf(node, 'value');
  if (value) return lowerDefault(value, lowering);
  if (hasToken(node, '=')) return lowerExportEquals(node, lowering);
  return lowerExportClause(node, lowering);
}

function lowerExportedDeclaration(node: SyntaxNode, declaration: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const isDefault = hasToken(node, 'default');
  const names = new Set(blockNames([declaration], lowering));
  if (declaration.type === 'variable_declaration') declaratorNames(declaration, names, lowering);
  if (declaration.type === 'internal_module') addName(declaration, names, lowering);
  for (const name of names)
    lowering.exports.push({ name: isDefault ? 'default' : name, value: nameAt(name, declaration, lowering) });
  if (declaration.type === 'class_declaration' || declaration.type === 'abstract_class_declaration') {
    const lowered = lowerClass(declaration, lowerDecorators(node, lowering), lowering);
    return [{ kind: 'class', class: lowered, place: placeOf(node, lowering) }];
  }
  return lowerStatement(declaration, lowering);
}

function addName(declaration: SyntaxNode, names: Set<string>, lowering: Lowering): void {
  const name = childOf(declaration, 'name');
  const [first] = name ? textOf(name, lowering).split('.') : [];
  if (first !== undefined) names.add(first.trim());
}

/** `export default function () {}` without a name has the name `default`. */
function lowerDefault(value: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const name = `export ${value.start}`;
  const place = placeOf(value, lowering);
  lowering.exports.push({ name: 'default', value: { kind: 'name', name, place } });
  const lowered =
    value.type === 'function_expression'
      ? ({ kind: 'function', function: lowerFunction(value, [], lowering, 'default'), place } as const)
      : lowerExpression(value, lowering, 'default');
  return [{ kind: 'assign', target: { kind: 'name', name, place }, value: lowered, operator: 'set', place }];
}

/** `export = value` of TypeScript is `module.exports = value`. */
function lowerExportEquals(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const [value] = namedChildren(node);
  if (!value) return [];
  const place = placeOf(node, lowering);
  const object = nameAt('module', node, lowering);
  const target = { kind: 'member', object, name: 'exports', place } as const;
  return [{ kind: 'assign', target, value: lowerExpression(value, lowering), operator: 'set', place }];
}
