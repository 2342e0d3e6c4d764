import type { LineRemark } from '../model.ts';
import type { Diff, DiffFile, DiffLine } from './lines.ts';

/** A remark at lines that the forge shows. */
export interface PlacedRemark {
  readonly remark: LineRemark;
  readonly file: DiffFile;
  readonly startLine: number;
  readonly endLine: number;
  /** The last line, as the diff has it. */
  readonly line: DiffLine;
  /** Only when every line that it replaces is in one hunk. */
  readonly suggestion: string | undefined;
}

/**
 * Where a remark can stand; `undefined` when none of its ends is in the diff: forges refuse a remark elsewhere, and
 * GitHub the whole review with it.
 */
export function placeRemark(remark: LineRemark, diff: Diff): PlacedRemark | undefined {
  const file = diff.get(remark.path) ?? [...diff.values()].find(({ previousPath }) => previousPath === remark.path);
  if (file === undefined) return undefined;
  const lines = remark.side === 'head' ? file.head : file.base;
  const [start, end] = [lines.get(remark.startLine), lines.get(remark.endLine)];
  if (start !== undefined && end !== undefined && start.hunk === end.hunk && remark.startLine <= remark.endLine) {
    const suggestion = remark.side === 'head' ? remark.suggestion : undefined;
    return { remark, file, startLine: remark.startLine, endLine: remark.endLine, line: end, suggestion };
  }
  const [line, number] = start === undefined ? [end, remark.endLine] : [start, remark.startLine];
  if (line === undefined) return undefined;
  return { remark, file, startLine: number, endLine: number, line, suggestion: undefined };
}
