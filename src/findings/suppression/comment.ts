import type { Place, SourceFile, Span } from '../../syntax/index.ts';
import { readDirective } from './directive.ts';
import { linesOf, type TextLine } from './lines.ts';
import type { SuppressionFault } from './suppression.ts';

/** One `sallyport: ignore[…]` as it stands in a file. */
export interface SuppressionComment {
  readonly place: Place;
  readonly scope: 'line' | 'file';
  readonly rules: readonly string[];
  readonly reason: string;
  /** The last day it holds, as YYYY-MM-DD. */
  readonly until: string | undefined;
  /** A finding whose place starts in one of these is meant. */
  readonly covers: readonly Span[];
}

export interface SuppressionComments {
  readonly comments: readonly SuppressionComment[];
  /** Comments that cannot be used: malformed, without reason, in the wrong place. */
  readonly faults: readonly SuppressionFault[];
}

/**
 * The suppressions in a file's comments, whatever its comment syntax (`#`, `//`, `--`, `<!-- -->`, one line of a block).
 *
 * `ignore[RULE,RULE] reason="…" until=YYYY-MM-DD` covers its own line and, when nothing else stands on that line, the
 * next line that is neither blank nor a comment, with what is indented below when that line begins a list item or a
 * block of text. `ignore-file[…]` covers the file and stands before its first content.
 * Whose comments count is the caller's question: those of the protected base.
 */
export function readSuppressionComments(file: SourceFile): SuppressionComments {
  if (!file.text.includes('sallyport:')) return { comments: [], faults: [] };
  const lines = linesOf(file);
  const comments: SuppressionComment[] = [];
  const faults: SuppressionFault[] = [];
  const contents = nextContents(lines);
  let head = true;
  for (const [index, line] of lines.entries()) {
    head &&= line.kind !== 'content';
    const directive = readDirective(line.text);
    if (directive === undefined) continue;
    const start = line.span.start + directive.start;
    const place = { file: file.path, span: { start, end: line.span.start + directive.end } };
    if (directive.kind === 'fault') faults.push({ ...directive.fault, by: 'comment', place });
    else if (directive.scope === 'file' && !head) faults.push({ ...MISPLACED, place });
    else {
      const { scope, rules, reason, until } = directive;
      const covers = scope === 'file' ? [WHOLE] : coveredLines(lines, index, contents[index]);
      comments.push({ place, scope, rules, reason, until, covers });
    }
  }
  return { comments, faults };
}

const WHOLE: Span = { start: 0, end: Number.MAX_SAFE_INTEGER };

const MISPLACED = {
  kind: 'misplaced',
  by: 'comment',
  message: '`ignore-file` counts only in the first comment of the file',
} as const;

/** For each line the index of the next one with content behind it. From the back: a file may be all comments. */
function nextContents(lines: readonly TextLine[]): readonly (number | undefined)[] {
  const found: (number | undefined)[] = [];
  let next: number | undefined;
  for (let index = lines.length - 1; index >= 0; index--) {
    found[index] = next;
    if (lines[index]?.kind === 'content') next = index;
  }
  return found;
}

function coveredLines(lines: readonly TextLine[], index: number, at: number | undefined): readonly Span[] {
  const own = lines[index];
  if (own === undefined) return [];
  const next = at === undefined ? undefined : lines[at];
  if (own.kind === 'content' || at === undefined || next === undefined) return [own.span];
  return [own.span, { start: next.span.start, end: endOfBlock(lines, at) }];
}

/** A list item, and a key whose value is a block of text: what is indented below belongs to the line. */
const OPENS_BLOCK = /^\s*-(?:\s|$)|:\s+[|>][+-]?\d?\s*(?:#.*)?$/;

/** The end of the line, or of what is indented below it when it opens a block (one step, one script; never a whole job). */
function endOfBlock(lines: readonly TextLine[], at: number): number {
  const first = lines[at];
  if (first === undefined) return 0;
  if (!OPENS_BLOCK.test(first.text.trimEnd())) return first.span.end;
  const depth = indentOf(first.text);
  let last = at;
  for (let line = lines[at + 1]; line && (line.kind === 'blank' || indentOf(line.text) > depth); line = lines[last + 1])
    last++;
  return lines[last]?.span.end ?? first.span.end;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
