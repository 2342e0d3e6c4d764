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
 * next line that is neither blank nor a comment. `ignore-file[…]` covers the file and stands before its first content.
 * Whose comments count is the caller's question: those of the protected base.
 */
export function readSuppressionComments(file: SourceFile): SuppressionComments {
  if (!file.text.includes('sallyport:')) return { comments: [], faults: [] };
  const lines = linesOf(file);
  const comments: SuppressionComment[] = [];
  const faults: SuppressionFault[] = [];
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
      const covers = scope === 'file' ? [WHOLE] : coveredLines(lines, index);
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

function coveredLines(lines: readonly TextLine[], index: number): readonly Span[] {
  const own = lines[index];
  if (own === undefined) return [];
  if (own.kind === 'content') return [own.span];
  const next = lines.slice(index + 1).find(({ kind }) => kind === 'content');
  return next === undefined ? [own.span] : [own.span, next.span];
}
