import { createLineIndex, type LineIndex, type SourceFile, type Span } from '../../syntax/index.ts';
import type { ScanRegion } from './scan-result.ts';

/** The offsets of a region; without one, or where the file has no such line, the start of the file. */
export function spanOf(file: SourceFile, region: ScanRegion | undefined, index = createLineIndex(file.text)): Span {
  if (!region || region.startLine < 1 || region.startLine > index.lines) return { start: 0, end: 0 };
  const { startLine, startColumn, unit } = region;
  const endLine = Math.min(Math.max(region.endLine ?? startLine, startLine), index.lines);
  const start = offsetOf(file, index, startLine, startColumn ?? 1, unit);
  // SARIF §3.30.8: without an end column a region reaches to the end of its last line.
  const end =
    region.endColumn === undefined
      ? index.offset(endLine, Number.MAX_SAFE_INTEGER)
      : offsetOf(file, index, endLine, region.endColumn, unit);
  return { start, end: Math.max(start, end) };
}

function offsetOf(file: SourceFile, index: LineIndex, line: number, column: number, unit: ScanRegion['unit']): number {
  if (unit === 'utf16') return index.offset(line, column);
  const end = index.offset(line, Number.MAX_SAFE_INTEGER);
  let offset = index.offset(line, 1);
  for (let left = column - 1; left > 0 && offset < end; left--)
    offset += (file.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}
