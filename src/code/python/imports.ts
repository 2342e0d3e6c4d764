import type { ImportedName, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, type SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

/**
 * `import a.b` binds `a`: the import is of the whole path, the local name its first segment, and `exported` is `*`.
 * `import a.b as c` binds the module itself: `exported` is `*` and `local` is `c`.
 */
export function lowerImport(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const place = placeOf(node, lowering);
  return node.children.flatMap((child): Statement[] => {
    if (child.field !== 'name') return [];
    const alias = childOf(child, 'alias');
    const path = compact(textOf(childOf(child, 'name') ?? child, lowering));
    const local = alias ? textOf(alias, lowering) : path;
    return [{ kind: 'import', from: path, names: [{ exported: '*', local }], place }];
  });
}

/** `from a.b import c as d`; a relative module keeps its dots: `from ..x`. */
export function lowerImportFrom(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const module = childOf(node, 'module_name');
  if (!module) return [];
  const names = node.children.flatMap((child): ImportedName[] => {
    if (child.type === 'wildcard_import') return [{ exported: '*', local: '*' }];
    if (child.field !== 'name') return [];
    const alias = childOf(child, 'alias');
    const exported = textOf(childOf(child, 'name') ?? child, lowering);
    return [{ exported, local: alias ? textOf(alias, lowering) : exported }];
  });
  return [{ kind: 'import', from: compact(textOf(module, lowering)), names, place: placeOf(node, lowering) }];
}

function compact(path: string): string {
  return path.replace(/\s+/g, '');
}
