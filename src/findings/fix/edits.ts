import type { Edit } from '../finding.ts';

/** An edit that cannot be made. */
export interface RejectedEdit {
  readonly kind: 'rejected';
  readonly reason: EditFault;
  readonly edit: Edit;
}

/** A text with edits applied, or why they cannot be. */
export type EditOutcome = { readonly kind: 'applied'; readonly text: string } | RejectedEdit;

/**
 * `outside`: the range is not in the text · `split`: it would cut a character in two · `overlap`: two edits want the
 * same characters.
 */
export type EditFault = 'outside' | 'split' | 'overlap';

/**
 * Applies edits of one file at once; spans count in the text as given. Everything outside the ranges stays as it is,
 * unit by unit; where all lines end with CRLF, those that come in do, too, and no edit cuts a CRLF in two. Insertions at
 * one place keep the order of the list; an insertion stands before what is replaced there.
 *
 * @example applyEdits('a: 1\n', [{ file, span: { start: 3, end: 4 }, text: '2' }]) // { kind: 'applied', text: 'a: 2\n' }
 */
export function applyEdits(text: string, edits: readonly Edit[]): EditOutcome {
  const rejected = checkEdits(text, edits);
  if (rejected !== undefined) return rejected;
  const fitted = endsWithCrlf(text) ? edits.map((edit) => inCrlf(edit, text)) : edits;
  const pieces: string[] = [];
  let done = 0;
  for (const { span, text: replacement } of inOrder(fitted)) {
    pieces.push(text.slice(done, span.start), replacement);
    done = span.end;
  }
  return { kind: 'applied', text: [...pieces, text.slice(done)].join('') };
}

/** Whether every line that ends, ends with CRLF. */
function endsWithCrlf(text: string): boolean {
  return text.includes('\r\n') && !/(?<!\r)\n/.test(text);
}

function inCrlf({ file, span, text: replacement }: Edit, text: string): Edit {
  const whole = (offset: number): number => {
    const splits = offset > 0 && text.startsWith('\r\n', offset - 1);
    return splits ? offset - 1 : offset;
  };
  return {
    file,
    span: { start: whole(span.start), end: whole(span.end) },
    text: replacement.replaceAll(/\r?\n/g, '\r\n'),
  };
}

/** The first edit that cannot be made with the others; undefined when all can. */
export function checkEdits(text: string, edits: readonly Edit[]): RejectedEdit | undefined {
  let done = 0;
  for (const edit of inOrder(edits)) {
    const reason = faultOf(text, edit, done);
    if (reason !== undefined) return { kind: 'rejected', reason, edit };
    done = edit.span.end;
  }
  return undefined;
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Whether two edits of one file cannot both be made, or not without choosing an order. */
export function collide(first: Edit, second: Edit): boolean {
  if (first.file !== second.file || isSameEdit(first, second)) return false;
  const [a, b] = [first.span, second.span];
  if (a.start === b.start && (a.start === a.end || b.start === b.end)) return true;
  return a.start < b.end && b.start < a.end;
}

export function isSameEdit(first: Edit, second: Edit): boolean {
  const [a, b] = [first.span, second.span];
  return first.file === second.file && a.start === b.start && a.end === b.end && first.text === second.text;
}

function faultOf(text: string, { span: { start, end } }: Edit, done: number): EditFault | undefined {
  const inside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= text.length;
  if (!inside) return 'outside';
  if (splits(text, start) || splits(text, end)) return 'split';
  return start < done ? 'overlap' : undefined;
}

/** Half a surrogate pair cannot be written as UTF-8: both halves would become replacement characters. */
function splits(text: string, offset: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(offset - 1, offset + 1));
}
