import type { SourceFile } from '../../syntax/index.ts';
import type { GrammarName } from '../grammar-files.ts';
import type { Expression, Module, Statement } from '../ir.ts';
import type { Grammars, Parsed } from '../parser.ts';
import { type BoundExpression, isComponentPath, readComponent } from './component-file.ts';
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

/**
 * Parse and lower one file of JavaScript or TypeScript, or the code of a component. What cannot be read is a gap; the
 * rest is lowered.
 */
export function lowerJavaScript(file: SourceFile, grammars: Grammars): Module {
  if (isComponentPath(file.path)) return lowerComponent(file, grammars);
  const ending = file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase();
  return lowerScript(file, GRAMMAR_OF[ending] ?? 'javascript', grammars);
}

/** The page is shown after the script has run, so its expressions come last. */
function lowerComponent(file: SourceFile, grammars: Grammars): Module {
  const { code, language, bound } = readComponent(file.text);
  const script = lowerScript({ ...file, text: code }, GRAMMAR_OF[language] ?? 'javascript', grammars);
  const page = new Map(bound.map((expression) => [expression.start - 1, expression]));
  const shown = script.body.flatMap((statement): readonly Statement[] => {
    const expression = page.get(statement.place.span.start);
    return expression && statement.kind === 'expression' ? [elementOf(expression, statement.value)] : [];
  });
  const own = script.body.filter(({ place }) => !page.has(place.span.start));
  return { ...script, file, body: [...own, ...shown] };
}

function elementOf({ tag, attribute }: BoundExpression, value: Expression): Statement {
  const { place } = value;
  const attributes = [{ name: attribute, value }];
  return { kind: 'expression', place, value: { kind: 'element', tag, attributes, children: [], place } };
}

function lowerScript(file: SourceFile, grammar: GrammarName, grammars: Grammars): Module {
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
