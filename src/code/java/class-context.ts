import { childOf, childrenOf, type SyntaxNode } from '../syntax-tree.ts';

/** What a class declares, so that a name by itself can be told to be a field, a method or a class inside. */
export interface ClassContext {
  /** Dotted, from the outermost class of the file: `Outer.Inner`. */
  readonly path: string;
  readonly outer: ClassContext | undefined;
  /** Fields and methods; true: `static`. */
  readonly members: ReadonlyMap<string, boolean>;
  readonly classes: ReadonlySet<string>;
}

export const CLASSES: ReadonlySet<string> = new Set([
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
]);

/** Read what the body of a class declares. */
export function contextOf(
  name: string,
  members: readonly SyntaxNode[],
  outer: ClassContext | undefined,
  text: string,
): ClassContext {
  const declared = new Map<string, boolean>();
  const classes = new Set<string>();
  const spell = (node: SyntaxNode | undefined) => (node ? text.slice(node.start, node.end) : '');
  for (const member of members) {
    if (CLASSES.has(member.type)) classes.add(spell(childOf(member, 'name')));
    if (member.type === 'method_declaration') declared.set(spell(childOf(member, 'name')), isStatic(member));
    if (member.type === 'field_declaration' || member.type === 'constant_declaration')
      for (const declarator of childrenOf(member, 'declarator'))
        declared.set(spell(childOf(declarator, 'name')), isStatic(member) || member.type === 'constant_declaration');
    if (member.type === 'enum_constant') declared.set(spell(childOf(member, 'name')), true);
    if (member.type === 'formal_parameter') declared.set(spell(childOf(member, 'name')), false);
  }
  return { path: outer ? `${outer.path}.${name}` : name, outer, members: declared, classes };
}

export function isStatic(node: SyntaxNode): boolean {
  const modifiers = node.children.find(({ type }) => type === 'modifiers');
  return modifiers?.children.some(({ type }) => type === 'static') ?? false;
}
