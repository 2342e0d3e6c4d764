import type { SourceFile } from '../../syntax/index.ts';
import type { Module, Statement } from '../ir.ts';
import type { Grammars } from '../parser.ts';
import { assignedNames } from './assigned-names.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock } from './statements.ts';

/** Parse and lower one Python file. What cannot be read is a gap; the rest is lowered. */
export function lowerPython(file: SourceFile, grammars: Grammars): Module {
  const { root, gaps } = grammars.parse('python', file);
  if (!root) return { file, language: 'python', body: [], gaps };
  const lowering: Lowering = { file, receiver: undefined };
  const place = { file: file.path, span: { start: root.start, end: root.end } };
  const declared: Statement = { kind: 'declare', names: assignedNames(root, lowering), scope: 'function', place };
  return { file, language: 'python', body: [declared, ...lowerBlock(root, lowering)], gaps };
}
