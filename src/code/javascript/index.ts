import type { SourceFile } from '../../syntax/index.ts';
import type { GrammarName } from '../grammar-files.ts';
import type { Module, Statement } from '../ir.ts';
import type { Grammars, Parsed } from '../parser.ts';
import { blockNames, variableNames } from './declared-names.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock } from './statements.ts';

/** Endings of files and the grammar that reads them. */
const GRAMMAR_OF: Readonly<Record<string, GrammarName>> = {
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
};

/** Parse and lower one file of JavaScript or TypeScript. What cannot be read is a gap; the rest is lowered. */
export function lowerJavaScript(file: SourceFile, grammars: Grammars): Module {
  const ending = file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase();
  const grammar = GRAMMAR_OF[ending] ?? 'javascript';
  const { root, gaps } = parse(grammar, file, grammars);
  const language = grammar === 'javascript' ? 'javascript' : 'typescript';
  if (!root) return { file, language, body: [], gaps };
  const lowering: Lowering = { file, exports: [] };
  const body = lowerBlock(root.children, lowering);
  const place = { file: file.path, span: { start: root.start, end: root.end } };
  const names = [...new Set([...variableNames(root, lowering), ...blockNames(root.children, lowering)])];
  const declared: readonly Statement[] =
    names.length === 0 ? [] : [{ kind: 'declare', names, scope: 'function', place }];
  const exported = lowering.exports.map(
    ({ name, value }): Statement => ({ kind: 'export', name, value, place: value.place }),
  );
  return { file, language, body: [...declared, ...body, ...exported], gaps };
}

/** A script with types (Flow writes them so) is read by the grammar that knows types, when that understands all of it. */
function parse(grammar: GrammarName, file: SourceFile, grammars: Grammars): Parsed {
  const parsed = grammars.parse(grammar, file);
  if (grammar !== 'javascript' || parsed.gaps.length === 0 || !parsed.root) return parsed;
  const typed = grammars.parse('tsx', file);
  return typed.root && typed.gaps.length === 0 ? typed : parsed;
}
