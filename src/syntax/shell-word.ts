import type { Node } from 'web-tree-sitter';
import type { ShellPiece, ShellWord } from './shell-script.ts';

/** Characters that make the shell replace an unquoted word by something we cannot know (file names, alternatives). */
const UNKNOWN_UNQUOTED = new Set(['*', '?', '[', '{']);

/** ANSI-C quoting, Bash manual §3.1.2.4. */
const ANSI_C: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/** A word as the shell will see it after quote removal; what only the running shell knows becomes an unknown piece. */
export function readWord(node: Node): ShellWord {
  const pieces = isReplaced(node) ? [undefined] : joinPieces(piecesOf(node, true));
  const literal = pieces.includes(undefined) ? undefined : pieces.join('');
  return { source: node.text, pieces, literal };
}

/** A word for text that stands in the grammar itself (`export`, `unset`). */
export function literalWord(text: string): ShellWord {
  return { source: text, pieces: [text], literal: text };
}

function piecesOf(node: Node, atStart: boolean): readonly ShellPiece[] {
  switch (node.type) {
    case 'command_name':
    case 'concatenation':
      return node.children.flatMap((child, index) => (child ? piecesOf(child, atStart && index === 0) : [undefined]));
    case 'word':
    case 'number':
    case 'variable_name':
      return unquotedPieces(node.text, atStart);
    case 'raw_string':
      return [node.text.slice(1, -1)];
    case 'ansi_c_string':
      return [decodeAnsiC(node.text.slice(2, -1))];
    case 'string':
      return stringPieces(node);
    default:
      return [undefined];
  }
}

function unquotedPieces(text: string, atStart: boolean): readonly ShellPiece[] {
  const pieces: ShellPiece[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '\\') {
      const next = text[++index] ?? '';
      if (next !== '\n') pieces.push(next);
    } else if (character === '~' && (index === 0 ? atStart : /[=:]/.test(text[index - 1] ?? '')))
      pieces.push(undefined);
    else pieces.push(character);
  }
  return pieces;
}

/** Whether the word holds, unquoted, what the shell replaces by other words: `{git,push}` is two, `[ab]*` is any name. */
function isReplaced(node: Node): boolean {
  if (node.type === 'word' || node.type === 'number') {
    const plain = node.text.replace(/\\[\s\S]/g, '');
    return plain !== '{}' && [...plain].some((character) => UNKNOWN_UNQUOTED.has(character));
  }
  if (node.type !== 'concatenation' && node.type !== 'command_name') return false;
  return node.children.some((child) => child !== null && isReplaced(child));
}

/** The grammar leaves blanks between two expansions without a node, so the text between children is taken as it is. */
function stringPieces(node: Node): readonly ShellPiece[] {
  const pieces: ShellPiece[] = [];
  let known = 1;
  const takeText = (until: number) => {
    if (until > known) pieces.push(unescapeQuoted(node.text.slice(known, until)));
  };
  for (const child of node.namedChildren) {
    if (!child || child.type === 'string_content') continue;
    takeText(child.startIndex - node.startIndex);
    pieces.push(undefined);
    known = child.endIndex - node.startIndex;
  }
  takeText(node.text.length - 1);
  return pieces;
}

function unescapeQuoted(text: string): string {
  return text.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === '\n' ? '' : character));
}

function decodeAnsiC(text: string): ShellPiece {
  let known = true;
  const pattern = /\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|c.|[\s\S])/g;
  const decoded = text.replace(pattern, (_, sequence: string) => {
    const kind = sequence[0] ?? '';
    const code = /[xuU]/.test(kind) && sequence.length > 1 ? Number.parseInt(sequence.slice(1), 16) : Number.NaN;
    const value = /[0-7]/.test(kind) ? Number.parseInt(sequence, 8) & 0xff : code;
    if (!Number.isNaN(value)) {
      if (value === 0 || value > 0x10ffff || (kind !== 'u' && kind !== 'U' && value > 0x7f)) known = false;
      return known ? String.fromCodePoint(value) : '';
    }
    const plain = ANSI_C[kind];
    if (plain === undefined || sequence.length > 1) known = false;
    return plain ?? '';
  });
  return known ? decoded : undefined;
}

function joinPieces(pieces: readonly ShellPiece[]): readonly ShellPiece[] {
  const joined: ShellPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece !== undefined && last !== undefined) joined[joined.length - 1] = last + piece;
    else if (piece !== undefined || joined.length === 0 || last !== undefined) joined.push(piece);
  }
  return joined;
}
