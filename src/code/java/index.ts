import type { SourceFile } from '../../syntax/index.ts';
import type { Module, Statement } from '../ir.ts';
import type { Grammars } from '../parser.ts';
import { CLASSES } from './class-context.ts';
import { lowerClass } from './classes.ts';
import { importsOf, packageName } from './imports.ts';
import type { Lowering } from './lowering.ts';

/** Parse and lower one Java file: its classes. What cannot be read is a gap; the rest is lowered. */
export function lowerJava(file: SourceFile, grammars: Grammars): Module {
  const { root, gaps } = grammars.parse('java', file);
  if (!root) return { file, language: 'java', body: [], gaps };
  const imports = importsOf(root, file.text);
  const bare = { file, imports, class: undefined, static: false, locals: new Set<string>() };
  const initialisers: Statement[] = [];
  const lowering: Lowering = { ...bare, initialisers, declare: () => undefined };
  const parts = root.children.flatMap((child) => (child.type === 'ERROR' ? child.children : [child]));
  const body = parts
    .filter(({ type }) => CLASSES.has(type))
    .map((node): Statement => {
      const made = lowerClass(node, lowering);
      return { kind: 'class', class: made, place: made.place };
    });
  return { file, language: 'java', package: packageName(root, file.text), body: [...body, ...initialisers], gaps };
}
