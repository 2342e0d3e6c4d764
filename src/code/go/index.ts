import type { SourceFile } from '../../syntax/index.ts';
import type { Module } from '../ir.ts';
import type { Grammars } from '../parser.ts';
import { lowerDeclarations } from './declarations.ts';
import { importsOf, packageName } from './imports.ts';
import { LocalNames } from './local-names.ts';
import type { Lowering } from './lowering.ts';

/** Parse and lower one Go file. What cannot be read is a gap; the rest is lowered. */
export function lowerGo(file: SourceFile, grammars: Grammars): Module {
  const { root, gaps } = grammars.parse('go', file);
  if (!root) return { file, language: 'go', body: [], gaps };
  const names = new LocalNames(undefined);
  const bare: Lowering = { file, imports: new Map(), receiver: undefined, names, results: [] };
  const lowering: Lowering = { ...bare, imports: importsOf(root, bare) };
  return { file, language: 'go', package: packageName(root, bare), body: lowerDeclarations(root, lowering), gaps };
}
