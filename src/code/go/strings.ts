import type { Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import type { SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const HEXADECIMAL = /^\\[xuU]([0-9a-fA-F]{2,8})$/;
const OCTAL = /^\\([0-7]{3})$/;

/** `"text"`: escapes are read (Go specification, String literals). */
export function lowerText(node: SyntaxNode, lowering: Lowering): Expression {
  let value = '';
  for (const child of node.children) {
    const text = textOf(child, lowering);
    value += child.type === 'escape_sequence' ? readEscape(text) : text;
  }
  return { kind: 'literal', value, place: placeOf(node, lowering) };
}

/** `` `text` ``: everything stands for itself, save that carriage returns are dropped. */
export function lowerRawText(node: SyntaxNode, lowering: Lowering): Expression {
  const value = textOf(node, lowering).slice(1, -1).replaceAll('\r', '');
  return { kind: 'literal', value, place: placeOf(node, lowering) };
}

/** `'a'` is a number; as one character it is compared with and added to texts. */
export function lowerRune(node: SyntaxNode, lowering: Lowering): Expression {
  const text = textOf(node, lowering).slice(1, -1);
  return { kind: 'literal', value: text.startsWith('\\') ? readEscape(text) : text, place: placeOf(node, lowering) };
}

function readEscape(sequence: string): string {
  const [, hexadecimal] = HEXADECIMAL.exec(sequence) ?? [];
  const [, octal] = OCTAL.exec(sequence) ?? [];
  const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : octal ? Number.parseInt(octal, 8) : undefined;
  if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : sequence;
  return ESCAPES[sequence.slice(1)] ?? sequence;
}
