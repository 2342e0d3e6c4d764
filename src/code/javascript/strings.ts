import type { Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import { type Lowering, literalAt } from './lowering.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r': '',
  '\u2028': '',
  '\u2029': '',
};

/** References that texts of elements use most; others stand for themselves. */
const REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': '\u00a0',
};

/** The text of a string literal. */
export function stringValue(node: SyntaxNode, lowering: Lowering): string {
  return node.children.map((child) => pieceOf(child, lowering)).join('');
}

/** A string literal. */
export function lowerString(node: SyntaxNode, lowering: Lowering): Expression {
  return literalAt(stringValue(node, lowering), node, lowering);
}

/** A template: constant where nothing is substituted. A tag decides what becomes of the parts. */
export function lowerTemplate(node: SyntaxNode, tag: Expression | undefined, lowering: Lowering): Expression {
  const parts: Expression[] = [];
  for (const child of node.children) {
    if (child.type !== 'template_substitution') appendText(pieceOf(child, lowering), child, parts, lowering);
    else for (const inner of namedChildren(child)) parts.push(lowerExpression(inner, lowering));
  }
  const [first, ...others] = parts;
  if (!tag && (!first || (first.kind === 'literal' && others.length === 0)))
    return literalAt(first?.kind === 'literal' ? first.value : '', node, lowering);
  return { kind: 'text', parts, tag, place: placeOf(node, lowering) };
}

function appendText(text: string, node: SyntaxNode, parts: Expression[], lowering: Lowering): void {
  const last = parts.at(-1);
  if (last?.kind === 'literal' && typeof last.value === 'string' && last.place.span.end === node.start) {
    const span = { start: last.place.span.start, end: node.end };
    parts[parts.length - 1] = { ...last, value: last.value + text, place: { ...last.place, span } };
  } else if (text !== '') parts.push(literalAt(text, node, lowering));
}

function pieceOf(node: SyntaxNode, lowering: Lowering): string {
  const text = textOf(node, lowering);
  if (node.type === 'string_fragment') return text;
  if (node.type === 'escape_sequence') return decodeEscape(text);
  if (node.type === 'html_character_reference') return REFERENCES[text] ?? text;
  return '';
}

/** One escape sequence (ECMA-262, 12.9.4); what is none stands for its character. */
function decodeEscape(sequence: string): string {
  const body = sequence.slice(1);
  const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})$/.exec(body);
  const digits = code?.[1] ?? code?.[2] ?? code?.[3];
  if (digits === undefined) return ESCAPES[body] ?? (body === '\r\n' ? '' : body);
  const point = Number.parseInt(digits, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
}
