import type { Expression, Module } from '../../code/index.ts';
import type { SourceFile, Span } from '../../syntax/index.ts';
import { isSentence } from './sentence.ts';
import { fieldOf, type Placed, partsBelow, partsIn } from './spot.ts';

/** What of a file has no part in a weakness: sentences, and lines of a log besides. */
export type Remarks = 'none' | 'sentences' | 'sentences and logs';

/**
 * The text of a module in which sentences for people or for a model are all alike and lines of a log are blank. Every
 * other character stays in its place. What is the same in this form does the same.
 */
export function withoutRemarks({ file, body }: Module, remarks: Remarks): SourceFile {
  const parts = remarks === 'none' ? [] : partsBelow(partsIn(body));
  const sentences = parts.filter(isWrittenSentence).map((part) => withMarks(part.place.span, file.text));
  const logs =
    remarks === 'sentences and logs'
      ? parts.filter(isLogLine).map((part) => wholeLine(part.place.span, file.text))
      : [];
  return { ...file, text: blanked(file.text, sentences, logs) };
}

function isWrittenSentence(part: Placed): boolean {
  const value = part.kind === 'literal' ? fieldOf(part, 'value') : undefined;
  return typeof value === 'string' && isSentence(value);
}

/** With the mark that ends it: two of them in a row would be another text. */
export function wholeLine({ start, end }: Span, text: string): Span {
  return { start, end: text.charAt(end) === ';' ? end + 1 : end };
}

/** A text of one piece may have its marks in its place or around it. */
function withMarks({ start, end }: Span, text: string): Span {
  const inside = /^["'`]/.test(text.slice(start, end));
  if (inside || !/["'`]/.test(text.charAt(start - 1))) return { start, end };
  return { start: start - 1, end: /["'`]/.test(text.charAt(end)) ? end + 1 : end };
}

function blanked(text: string, sentences: readonly Span[], logs: readonly Span[]): string {
  const stretches = [...sentences.map((span) => ({ span, mark: '"' })), ...logs.map((span) => ({ span, mark: '' }))];
  const kept: string[] = [];
  let from = 0;
  for (const { span, mark } of stretches.toSorted((one, other) => one.span.start - other.span.start)) {
    if (span.start < from) continue;
    kept.push(
      text.slice(from, span.start),
      mark,
      text.slice(span.start + mark.length, span.end).replace(/[^\n]/g, ' '),
    );
    from = span.end;
  }
  return [...kept, text.slice(from)].join('');
}

const LOG = /^(?:console|log|logger|logging|slog)$/i;
const LEVEL =
  /^(?:trace|debug|info|log|warn|warning|error|notice|fatal|verbose|critical|exception|print|println|printf)$/i;

/** `logger.info(x)`: it calls nothing else and gives nothing back. Go's `log.Fatal` leaves the program. */
export function isLogLine(part: Placed): boolean {
  const call = part.kind === 'expression' ? fieldOf(part, 'value') : undefined;
  const callee = fieldOf(call, 'callee');
  const owner = fieldOf(callee, 'object');
  const name = String(fieldOf(owner, 'name') ?? '');
  const level = String(fieldOf(callee, 'name') ?? '');
  const isOut = /^(?:out|err)$/.test(name) && fieldOf(fieldOf(owner, 'object'), 'name') === 'System';
  if ((!LOG.test(name) && !isOut) || !LEVEL.test(level) || level === 'Fatal') return false;
  const given = fieldOf(call, 'arguments');
  return Array.isArray(given) && given.every((argument: unknown) => isInert(fieldOf(argument, 'value')));
}

const ACTING: ReadonlySet<Expression['kind']> = new Set<Expression['kind']>(['call', 'assign', 'await', 'unknown']);

function isInert(value: unknown): boolean {
  return partsBelow(partsIn([value])).every(({ kind }) => ![...ACTING].some((acting) => acting === kind));
}
