import { READING_LIMITS } from './reading-limits.ts';
import type { Gap, SourceFile } from './source.ts';

/** The gaps of one file while it is read. A file that is all mistakes yields a short list that says so. */
export interface GapList {
  readonly gaps: readonly Gap[];
  note(kind: Gap['kind'], message: string, start: number, end?: number): void;
}

export function createGapList(file: SourceFile): GapList {
  const gaps: Gap[] = [];
  const clamp = (offset: number) => Math.min(Math.max(offset, 0), file.text.length);
  const note: GapList['note'] = (kind, message, start, end = start) => {
    if (gaps.length >= READING_LIMITS.gaps) return;
    const last = gaps.length === READING_LIMITS.gaps - 1;
    const span = { start: clamp(start), end: Math.max(clamp(start), clamp(end)) };
    gaps.push({
      kind: last ? 'cap' : kind,
      message: last ? `more than ${READING_LIMITS.gaps - 1} parts could not be read` : message,
      place: { file: file.path, span },
    });
  };
  return { gaps, note };
}

/** Too long to be read at all? Notes the gap. */
export function exceedsBytes(file: SourceFile, gaps: GapList): boolean {
  // A UTF-16 unit takes at most three bytes of UTF-8, so short texts need no count.
  if (file.text.length * 3 <= READING_LIMITS.bytes) return false;
  if (file.text.length <= READING_LIMITS.bytes && Buffer.byteLength(file.text) <= READING_LIMITS.bytes) return false;
  gaps.note('cap', `longer than ${READING_LIMITS.bytes} bytes`, 0);
  return true;
}
