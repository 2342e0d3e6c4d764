import type { DoubleQuotedChild, SyntaxNode, Word, WordPart } from 'unbash';
import { forEachChild } from 'unbash';
import type { ScriptExpansion, ScriptWord } from './readers.ts';
import type { Offsets } from './script-offsets.ts';

type Piece = string | undefined;

/** A word of the parser's tree as the running shell would see it after quote removal. */
export function readScriptWord(word: Word, text: string, offsets: Offsets): ScriptWord {
  const span = offsets.span(word.pos, word.end);
  const pieces = joinPieces(
    word.parts ? word.parts.flatMap((part) => piecesOf(part, part.pos === word.pos)) : plain(word),
  );
  return {
    span,
    source: text.slice(span.start, span.end),
    literal: pieces.includes(undefined) ? undefined : pieces.join(''),
    pieces,
    expansions: expansionsIn(word.parts ?? [], offsets, false),
  };
}

function plain(word: Word): readonly Piece[] {
  return word.text.startsWith('~') ? afterTilde(word.value) : [word.value];
}

/** `~` and `~user` are replaced by a directory that only the running shell knows. */
function afterTilde(value: string): readonly Piece[] {
  const slash = value.indexOf('/');
  return slash < 0 ? [undefined] : [undefined, value.slice(slash)];
}

function piecesOf(part: WordPart | DoubleQuotedChild, first: boolean): readonly Piece[] {
  switch (part.type) {
    case 'Literal':
      return first && part.text.startsWith('~') ? afterTilde(part.value) : [part.value];
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [part.value];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.length === 0 ? [''] : part.parts.flatMap((child) => piecesOf(child, false));
    default:
      return [undefined];
  }
}

function joinPieces(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece !== undefined && last !== undefined) joined[joined.length - 1] = last + piece;
    else if (piece !== undefined || joined.length === 0 || last !== undefined) joined.push(piece);
  }
  return joined;
}

/** Every expansion below these parts, those inside `${X:-$Y}` too; not those inside a command substitution. */
export function expansionsIn(
  parts: readonly SyntaxNode[],
  offsets: Offsets,
  quoted: boolean,
): readonly ScriptExpansion[] {
  return parts.flatMap((part) => {
    const inQuotes = quoted || part.type === 'DoubleQuoted' || part.type === 'LocaleString';
    const own = expansionOf(part, offsets, inQuotes);
    if (own && own.kind !== 'variable' && own.kind !== 'arithmetic') return [own];
    const children: SyntaxNode[] = [];
    forEachChild(part, (child) => children.push(child));
    const below = expansionsIn(children, offsets, inQuotes);
    return own ? [own, ...below] : below;
  });
}

function expansionOf(part: SyntaxNode, offsets: Offsets, quoted: boolean): ScriptExpansion | undefined {
  const span = () => offsets.span(part.pos, part.end);
  switch (part.type) {
    case 'SimpleExpansion':
      return { kind: 'variable', name: part.text.slice(1), span: span(), quoted };
    case 'ParameterExpansion':
      return { kind: 'variable', name: part.parameter, span: span(), quoted };
    case 'CommandExpansion':
    case 'ArithmeticCommandExpansion':
      return { kind: 'command', name: undefined, span: span(), quoted };
    case 'ProcessSubstitution':
      return { kind: 'process', name: undefined, span: span(), quoted };
    case 'ArithmeticExpansion':
      return { kind: 'arithmetic', name: undefined, span: span(), quoted };
    default:
      return undefined;
  }
}
