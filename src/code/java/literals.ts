import type { Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import type { SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

const UNICODE = /^\\u+([0-9a-fA-F]{4})$/;
const OCTAL = /^\\([0-7]{1,3})$/;

/** `10`, `0x1F`, `1_000L`, `1.5f`. */
export function lowerNumber(node: SyntaxNode, lowering: Lowering): Expression {
  const text = textOf(node, lowering).replaceAll('_', '').toLowerCase();
  const bare = text.startsWith('0x') ? text.replace(/l$/, '') : text.replace(/[lfd]$/, '');
  const value = Number(/^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare);
  const place = placeOf(node, lowering);
  return Number.isNaN(value) ? { kind: 'unknown', parts: [], place } : { kind: 'literal', value, place };
}

/** `'a'`: with texts it is a text of one character. */
export function lowerCharacter(node: SyntaxNode, lowering: Lowering): Expression {
  const text = textOf(node, lowering).slice(1, -1);
  return { kind: 'literal', value: text.startsWith('\\') ? readEscape(text) : text, place: placeOf(node, lowering) };
}

/** `"text"` and text blocks, whose common indentation means nothing here (Java specification, 3.10.6). */
export function lowerString(node: SyntaxNode, lowering: Lowering): Expression {
  let value = '';
  for (const child of node.children) {
    if (!child.named) continue;
    const text = textOf(child, lowering);
    value += child.type === 'escape_sequence' ? readEscape(text) : text;
  }
  const isBlock = textOf(node, lowering).startsWith('"""');
  return { kind: 'literal', value: isBlock ? value.replace(/^\s*\n/, '') : value, place: placeOf(node, lowering) };
}

function readEscape(sequence: string): string {
  const [, unicode] = UNICODE.exec(sequence) ?? [];
  const [, octal] = OCTAL.exec(sequence) ?? [];
  if (unicode) return String.fromCharCode(Number.parseInt(unicode, 16));
  if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
  return ESCAPES[sequence.slice(1)] ?? sequence;
}
