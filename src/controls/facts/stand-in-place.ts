import { createLineIndex, type Place, type SourceFile } from '../../syntax/index.ts';
import { differenceOf } from '../../text/index.ts';

/** Where in one version something would stand that stands at a place of the other. */
export type StandInPlace = (other: Place) => Place | undefined;

/** Both ways: for what is gone the place in the new version, for what is new the one in the old. */
export interface StandIns {
  readonly inNew: StandInPlace;
  readonly inOld: StandInPlace;
  /** Whether a file of the old version has no place in the new one. */
  readonly isGone?: (file: string) => boolean;
}

export function createStandIns(before: SourceFile | undefined, after: SourceFile | undefined): StandIns {
  return { inNew: createStandIn(before, after), inOld: createStandIn(after, before) };
}

/** Works the lines out once a file, on first use. No place when the file is not there. */
function createStandIn(before: SourceFile | undefined, after: SourceFile | undefined): StandInPlace {
  if (before === undefined || after === undefined) return () => undefined;
  let lines: ReturnType<typeof readLines> | undefined;
  return (old) => {
    if (old.file !== before.path) return undefined;
    lines ??= readLines(before, after);
    const { oldIndex, starts, changes } = lines;
    let line = oldIndex.position(old.span.start).line - 1;
    for (const { from, removed, to, added } of changes.toReversed()) {
      if (line < from) continue;
      line =
        line < from + removed ? to + Math.min(line - from, Math.max(added - 1, 0)) : to + added + line - from - removed;
      break;
    }
    const start = starts[Math.min(Math.max(line, 0), starts.length - 1)] ?? 0;
    return { file: after.path, span: { start, end: start } };
  };
}

function readLines(before: SourceFile, after: SourceFile) {
  const newLines = after.text.split('\n');
  const starts: number[] = [];
  let at = 0;
  for (const line of newLines) {
    starts.push(at);
    at += line.length + 1;
  }
  return {
    oldIndex: createLineIndex(before.text),
    starts,
    changes: differenceOf(before.text.split('\n'), newLines),
  };
}
