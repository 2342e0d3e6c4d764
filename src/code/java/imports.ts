import type { SyntaxNode } from '../syntax-tree.ts';
import { KNOWN_CLASSES } from './known-classes.ts';

/** What a file calls the classes of other packages. */
export interface JavaImports {
  /** Simple name and dotted name. */
  readonly classes: ReadonlyMap<string, string>;
  /** Methods and constants that `import static` brings, with their class. */
  readonly members: ReadonlyMap<string, string>;
}

/** The dotted name after `package`; empty for none. */
export function packageName(root: SyntaxNode, text: string): string {
  const declaration = root.children.find(({ type }) => type === 'package_declaration');
  const name = declaration?.children.find(({ type }) => type === 'scoped_identifier' || type === 'identifier');
  return name ? spell(name, text) : '';
}

/** Of a package that is imported as a whole, the classes that the catalogue speaks of are known. */
export function importsOf(root: SyntaxNode, text: string): JavaImports {
  const classes = new Map<string, string>();
  const members = new Map<string, string>();
  for (const declaration of root.children.filter(({ type }) => type === 'import_declaration')) {
    const path = declaration.children.find(({ type }) => type === 'scoped_identifier' || type === 'identifier');
    if (!path) continue;
    const name = commonName(spell(path, text));
    const last = name.slice(name.lastIndexOf('.') + 1);
    const whole = declaration.children.some(({ type }) => type === 'asterisk');
    const isStatic = declaration.children.some(({ type }) => type === 'static');
    if (isStatic && !whole) members.set(last, name.slice(0, name.lastIndexOf('.')));
    else if (whole)
      for (const known of KNOWN_CLASSES[name] ?? []) classes.set(known, classes.get(known) ?? `${name}.${known}`);
    else classes.set(last, name);
  }
  return { classes, members };
}

function spell(node: SyntaxNode, text: string): string {
  return text.slice(node.start, node.end).replace(/\s+/g, '');
}

/**
 * The name by which the catalogue knows a class: `java.lang` is left out as in programs, and the packages that Jakarta EE
 * renamed in 2020 keep the name that they had.
 */
export function commonName(name: string): string {
  return name.replace(/^java\.lang\.(?=[A-Z])/, '').replace(/^jakarta\./, 'javax.');
}
