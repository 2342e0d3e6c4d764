import type { SyntaxNode } from '../../../code/index.ts';
import type { LanguageTable, TermRow } from './table.ts';
import type { Role, Term } from './term.ts';

/** Pieces of texts; their text is read from the whole. */
const TEXT_PIECES = /^(?:string_(?:start|end|content|fragment)|escape_sequence|\w+_literal_content|regex_pattern)$/;
const QUOTES = /^[a-zA-Z]{0,3}("""|'''|["'`])([\s\S]*)\1$/;

/** Make the terms of one part of a parse tree. Depth is bounded by the parser's cap. */
export function lowerNode(node: SyntaxNode, source: string, table: LanguageTable): Term | undefined {
  const textOf = (part: SyntaxNode): string => source.slice(part.start, part.end);
  const lower = (part: SyntaxNode, role: Role | undefined): Term | undefined => {
    if (!part.named || table.ignored.has(part.type) || TEXT_PIECES.test(part.type)) return undefined;
    if (table.transparent.has(part.type)) return lowerWrapper(part, role);
    const row = table.rows[part.type] ?? table.choose?.(part, textOf) ?? unknownRow(part);
    const parts = row.kind === 'if' ? lowerBranch(part, row) : lowerParts(part, row);
    return complete({ kind: row.kind, role, text: textFor(part, row), parts, start: part.start, end: part.end });
  };
  const lowerParts = (part: SyntaxNode, row: TermRow): readonly Term[] =>
    part.children.flatMap((child) => {
      const role = child.field === undefined ? row.rest : roleOf(row, child.field);
      const term = lower(child, role);
      return term === undefined ? [] : [term];
    });
  const lowerWrapper = (part: SyntaxNode, role: Role | undefined): Term | undefined => {
    const inner =
      part.children.find((child) => child.field === 'value') ??
      part.children.find(({ named, type }) => named && !table.ignored.has(type));
    // A text that stands alone is documentation.
    if (part.type === 'expression_statement' && inner !== undefined && /string$/.test(inner.type)) return undefined;
    return inner === undefined ? undefined : lower(inner, role);
  };
  /** Python writes each `elif` beside the first branch; here it stands in the branch before it. */
  const lowerBranch = (part: SyntaxNode, row: TermRow): readonly Term[] => {
    const alternatives = part.children.filter((child) => child.field === 'alternative');
    if (alternatives.length < 2) return lowerParts(part, row);
    const own = lowerParts({ ...part, children: part.children.filter((child) => child.field !== 'alternative') }, row);
    const nested = alternatives.reduceRight<Term | undefined>((otherwise, alternative) => {
      const term = lower(alternative, 'else');
      if (term === undefined) return otherwise;
      return otherwise === undefined ? term : { ...term, parts: [...term.parts, otherwise] };
    }, undefined);
    return nested === undefined ? own : [...own, nested];
  };
  const textFor = (part: SyntaxNode, row: TermRow): string => {
    if (row.text === undefined) return '';
    if (row.text === 'whole') return textOf(part);
    if (row.text === 'content') return contentOf(part, textOf);
    const { field } = row.text;
    const holders = part.children.filter((child) => child.field === field);
    return holders.map((child) => textOf(child).replace(/\s+/g, ' ')).join(' ');
  };
  return lower(node, undefined);
}

function roleOf({ roles }: TermRow, field: string): Role | undefined {
  return roles !== undefined && Object.hasOwn(roles, field) ? roles[field] : undefined;
}

function unknownRow(node: SyntaxNode): TermRow {
  return node.children.length === 0 ? { kind: 'other', text: 'whole' } : { kind: 'other' };
}

function contentOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string {
  if (node.type === 'instanceof_expression') return 'instanceof';
  if (node.type === 'concatenated_string') return node.children.map((child) => contentOf(child, textOf)).join('');
  const text = textOf(node);
  return QUOTES.exec(text)?.[2] ?? text;
}

/** Java names the object and the method of a call beside each other; here they are one member. */
function complete(term: Term): Term {
  if (term.kind === 'text' && term.parts.length === 0) return { ...term, kind: 'string' };
  const [only] = term.parts;
  if (term.kind === 'other' && only !== undefined && term.parts.length === 1) return { ...only, role: term.role };
  if (term.kind === 'conditional') return { ...term, parts: orderBranches(term.parts) };
  if (term.kind === 'string' && term.parts.some(({ kind }) => kind === 'string')) return { ...term, parts: [] };
  if (term.kind !== 'call' || term.parts.some(({ role }) => role === 'callee')) return term;
  const own = term.parts.filter(({ role }) => role === 'object' || role === 'property');
  const last = own.at(-1);
  if (last === undefined) return term;
  const callee: Term =
    own.length === 1
      ? { ...last, role: 'callee' }
      : { kind: 'member', role: 'callee', text: '', parts: own, start: own[0]?.start ?? term.start, end: last.end };
  return { ...term, parts: [callee, ...term.parts.filter((part) => !own.includes(part))] };
}

/** Python writes the test of a conditional between its values. */
function orderBranches(parts: readonly Term[]): readonly Term[] {
  const [then, test, otherwise] = parts;
  if (then === undefined || test === undefined || parts.some(({ role }) => role !== undefined)) return parts;
  const ordered: readonly Term[] = [
    { ...test, role: 'test' },
    { ...then, role: 'then' },
  ];
  return otherwise === undefined ? ordered : [...ordered, { ...otherwise, role: 'else' }];
}
