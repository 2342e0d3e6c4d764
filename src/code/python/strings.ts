import type { Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
  '0': '\0',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const CODE_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A string literal, formatted or not: constant where nothing is interpolated. */
export function lowerString(node: SyntaxNode, lowering: Lowering): Expression {
  const parts = stringParts(node, lowering);
  return joinParts(parts, node, lowering);
}

/** Adjacent literals are one. */
export function lowerConcatenated(node: SyntaxNode, lowering: Lowering): Expression {
  const parts = node.children.flatMap((child) => (child.type === 'string' ? stringParts(child, lowering) : []));
  return joinParts(parts, node, lowering);
}

function joinParts(parts: readonly Expression[], node: SyntaxNode, lowering: Lowering): Expression {
  const place = placeOf(node, lowering);
  if (parts.every((part) => part.kind === 'literal'))
    return { kind: 'literal', value: parts.map((part) => (part.kind === 'literal' ? part.value : '')).join(''), place };
  return { kind: 'text', parts, tag: undefined, place };
}

function stringParts(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  const opening = node.children.find((child) => child.type === 'string_start');
  const raw = opening ? /^[bfu]*r/i.test(textOf(opening, lowering)) : false;
  const parts: Expression[] = [];
  for (const child of node.children) {
    if (child.type === 'string_content')
      parts.push({ kind: 'literal', value: contentOf(child, raw, lowering), place: placeOf(child, lowering) });
    else if (child.type === 'interpolation') parts.push(...lowerInterpolation(child, lowering));
  }
  return parts;
}

function contentOf(node: SyntaxNode, raw: boolean, lowering: Lowering): string {
  const text = textOf(node, lowering);
  return raw || !text.includes('\\') ? unbrace(node, text) : readEscapes(text);
}

/** `{{` in a formatted string stands for one brace; the grammar marks it as an escape. */
function unbrace(node: SyntaxNode, text: string): string {
  const braces = node.children.some((child) => child.type === 'escape_interpolation');
  return braces ? text.replaceAll('{{', '{').replaceAll('}}', '}') : text;
}

function lowerInterpolation(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  const value = childOf(node, 'expression');
  const format = childOf(node, 'format_specifier');
  const parts = value ? [lowerExpression(value, lowering)] : [];
  for (const child of format?.children ?? []) {
    const width = childOf(child, 'expression');
    if (width) parts.push(lowerExpression(width, lowering));
  }
  return parts;
}

/** Escape sequences of a literal that is not raw (Python reference, 2.4.1.1); unknown ones stand for themselves. */
function readEscapes(text: string): string {
  let result = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character !== '\\') {
      result += character;
      continue;
    }
    const next = text.charAt(++index);
    const length = CODE_LENGTH[next];
    const digits = length === undefined ? '' : text.slice(index + 1, index + 1 + length);
    // `parseInt` would take a sign, and fewer digits.
    const code = /^[0-9a-f]+$/i.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN;
    if (length !== undefined && code <= 0x10ffff) {
      result += String.fromCodePoint(code);
      index += length;
    } else result += ESCAPES[next] ?? `\\${next}`;
  }
  return result;
}
