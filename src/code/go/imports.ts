import type { Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, type SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

/** The name after `package`. */
export function packageName(root: SyntaxNode, lowering: Lowering): string {
  const clause = root.children.find((child) => child.type === 'package_clause');
  const name = clause?.children.find((child) => child.type === 'package_identifier');
  return name ? textOf(name, lowering) : '';
}

/** Local name of each imported package and its path. Without a name of its own, the path's last part is it. */
export function importsOf(root: SyntaxNode, lowering: Lowering): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  for (const spec of importSpecs(root)) {
    const path = pathOf(spec, lowering);
    const name = childOf(spec, 'name');
    const local = name ? textOf(name, lowering) : usualName(path);
    if (local !== '_' && local !== '.') imports.set(local, path);
  }
  return imports;
}

/** Each package is bound under its path, which no variable can be called: what the file calls it is decided already. */
export function lowerImports(root: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return importSpecs(root).map((spec) => {
    const path = pathOf(spec, lowering);
    const name = childOf(spec, 'name');
    // `import . "path"` makes the names of the package names of the file.
    const whole = name !== undefined && textOf(name, lowering) === '.' ? [{ exported: '*', local: '*' }] : [];
    const names = [{ exported: '*', local: path }, ...whole];
    return { kind: 'import', from: path, names, place: placeOf(spec, lowering) };
  });
}

function importSpecs(root: SyntaxNode): readonly SyntaxNode[] {
  const declarations = root.children.filter((child) => child.type === 'import_declaration');
  const direct = declarations.flatMap((declaration) =>
    declaration.children.flatMap((child) => (child.type === 'import_spec_list' ? child.children : [child])),
  );
  return direct.filter((child) => child.type === 'import_spec');
}

function pathOf(spec: SyntaxNode, lowering: Lowering): string {
  const path = childOf(spec, 'path');
  return path ? textOf(path, lowering).slice(1, -1) : '';
}

/** `echo` of `github.com/labstack/echo/v4`, `yaml` of `gopkg.in/yaml.v3`, `redis` of `example.test/go-redis`. */
function usualName(path: string): string {
  const bare = path.replace(/\/v\d{1,4}$/, '').replace(/\.v\d{1,4}$/, '');
  return bare
    .slice(bare.lastIndexOf('/') + 1)
    .replace(/^go-/, '')
    .replace(/[-.]go$/, '')
    .replaceAll('-', '_');
}
