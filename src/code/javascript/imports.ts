import type { ImportedName, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { type Lowering, nameAt } from './lowering.ts';
import { stringValue } from './strings.ts';
import { keyText } from './targets.ts';

/**
 * `import a, { b as c } from 'm'`, `import * as d`, `import e = require('m')`. What is imported as a type does not exist
 * at run time; of a library it is kept, because it names the types of parameters.
 */
export function lowerImport(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const clause = node.children.find(
    (child) => child.type === 'import_clause' || child.type === 'import_require_clause',
  );
  const source = childOf(node, 'source') ?? (clause && childOf(clause, 'source'));
  if (!source) return [];
  const from = stringValue(source, lowering);
  const types = hasToken(node, 'type') || hasToken(node, 'typeof');
  if (types && isOfTree(from)) return [];
  const names = clause ? clause.children.flatMap((child) => importedNames(child, from, lowering)) : [];
  return [{ kind: 'import', from, names, place: placeOf(node, lowering) }];
}

/** A file of the repository, as opposed to a library. */
function isOfTree(from: string): boolean {
  return from.startsWith('.') || from.startsWith('/') || from.startsWith('@/') || from.startsWith('~/');
}

function importedNames(node: SyntaxNode, from: string, lowering: Lowering): readonly ImportedName[] {
  if (node.type === 'identifier') {
    const whole = node.field === undefined && isRequire(node, lowering);
    return [{ exported: whole ? '*' : 'default', local: textOf(node, lowering) }];
  }
  if (node.type === 'namespace_import') {
    const [name] = namedChildren(node);
    return name ? [{ exported: '*', local: textOf(name, lowering) }] : [];
  }
  if (node.type !== 'named_imports') return [];
  return namedChildren(node).flatMap((specifier) => {
    const name = childOf(specifier, 'name');
    const alias = childOf(specifier, 'alias');
    if (!name || (hasToken(specifier, 'type') && isOfTree(from))) return [];
    return [{ exported: keyText(name, lowering), local: textOf(alias ?? name, lowering) }];
  });
}

/** `import e = require(…)`: the name is followed by `=`. */
function isRequire(node: SyntaxNode, lowering: Lowering): boolean {
  return /^\s*=/.test(lowering.file.text.slice(node.end, node.end + 200));
}

/** `export { a as b }`, with or without `from`; `export * from`; `export * as a from`. */
export function lowerExportClause(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const source = childOf(node, 'source');
  const from = source && stringValue(source, lowering);
  if (hasToken(node, 'type')) return [];
  const clause = node.children.find((child) => child.type === 'export_clause');
  if (!clause) return from === undefined ? [] : lowerExportAll(node, from, lowering);
  const names: ImportedName[] = [];
  for (const specifier of namedChildren(clause)) {
    const name = childOf(specifier, 'name');
    const alias = childOf(specifier, 'alias');
    if (!name || hasToken(specifier, 'type')) continue;
    const exported = keyText(name, lowering);
    const local = from === undefined ? exported : hiddenName(specifier);
    names.push({ exported, local });
    lowering.exports.push({
      name: alias ? keyText(alias, lowering) : exported,
      value: nameAt(local, specifier, lowering),
    });
  }
  return from === undefined ? [] : [{ kind: 'import', from, names, place: placeOf(node, lowering) }];
}

/** An export that is called `*` is everything of what it holds. */
function lowerExportAll(node: SyntaxNode, from: string, lowering: Lowering): readonly Statement[] {
  const namespace = node.children.find((child) => child.type === 'namespace_export');
  const [name] = namespace ? namedChildren(namespace) : [];
  const local = hiddenName(node);
  lowering.exports.push({ name: name ? keyText(name, lowering) : '*', value: nameAt(local, node, lowering) });
  return [{ kind: 'import', from, names: [{ exported: '*', local }], place: placeOf(node, lowering) }];
}

/** A name that no source can write. */
function hiddenName(node: SyntaxNode): string {
  return `export ${node.start}`;
}
