import type { Place, SourceFile } from '../syntax/index.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** What the lowering of every language carries along: the file that the nodes lie in. */
export interface InFile {
  readonly file: SourceFile;
}

/** How a node is written; of a name of JavaScript the name, `\u0065xec` is `exec` (ECMA-262, 12.7). */
export function textOf(node: SyntaxNode, { file }: InFile): string {
  const text = file.text.slice(node.start, node.end);
  return text.includes('\\u') && node.type.includes('identifier') ? text.replace(ESCAPED, decode) : text;
}

const ESCAPED = /\\u(?:([0-9a-fA-F]{4})|\{0*([0-9a-fA-F]{1,6})\})/g;

function decode(written: string, four: string | undefined, braced: string | undefined): string {
  const point = Number.parseInt(four ?? braced ?? '', 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : written;
}

/** Where a node stands. */
export function placeOf(node: SyntaxNode, { file }: InFile): Place {
  return { file: file.path, span: { start: node.start, end: node.end } };
}
