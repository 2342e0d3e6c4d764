/** Where a line of a diff stands. */
export interface DiffLine {
  /** Number of its hunk in the file: what spans two hunks can carry no remark. */
  readonly hunk: number;
  /** The same line on the other side, for one that did not change. */
  readonly other: number | undefined;
}

/** The lines of one changed file that a forge shows in its diff, by line number from 1. */
export interface DiffFile {
  readonly path: string;
  /** Its name on the base side. */
  readonly previousPath: string;
  readonly head: ReadonlyMap<number, DiffLine>;
  readonly base: ReadonlyMap<number, DiffLine>;
}

export type Diff = ReadonlyMap<string, DiffFile>;

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/** The hunks of one file. What does not look like a hunk is left out: no remark stands on what is not understood. */
export function readHunks(path: string, previousPath: string, patch: string): DiffFile {
  const head = new Map<number, DiffLine>();
  const base = new Map<number, DiffLine>();
  let [hunk, oldLine, newLine, oldLeft, newLeft] = [0, 0, 0, 0, 0];
  for (const line of patch.split('\n')) {
    const start = oldLeft + newLeft === 0 ? HUNK.exec(line) : null;
    if (start !== null) {
      hunk += 1;
      [oldLine, newLine] = [Number(start[1]), Number(start[3])];
      [oldLeft, newLeft] = [Number(start[2] ?? 1), Number(start[4] ?? 1)];
      continue;
    }
    const mark = line.charAt(0);
    if (mark === '+' && newLeft > 0) {
      head.set(newLine++, { hunk, other: undefined });
      newLeft -= 1;
    } else if (mark === '-' && oldLeft > 0) {
      base.set(oldLine++, { hunk, other: undefined });
      oldLeft -= 1;
    } else if ((mark === ' ' || line === '') && oldLeft > 0 && newLeft > 0) {
      head.set(newLine, { hunk, other: oldLine });
      base.set(oldLine++, { hunk, other: newLine++ });
      oldLeft -= 1;
      newLeft -= 1;
    }
  }
  return { path, previousPath, head, base };
}

/** A unified diff of many files as git writes it, with `diff --git` before each. */
export function readUnifiedDiff(text: string): readonly DiffFile[] {
  return text
    .split(/(?<=\n)(?=diff --git )/)
    .filter((section) => section.startsWith('diff --git '))
    .flatMap(readSection);
}

/** Names that git quotes (controls, `"`, bytes beyond ASCII) are left out: their remarks stand in the summary. */
function readSection(section: string): readonly DiffFile[] {
  const start = section.search(/^@@ /m);
  if (start < 0) return [];
  const header = section.slice(0, start);
  const after = /^\+\+\+ b\/(.+?)\t?$/m.exec(header)?.[1];
  const before = /^--- a\/(.+?)\t?$/m.exec(header)?.[1];
  const path = after ?? before;
  return path === undefined ? [] : [readHunks(path, before ?? path, section.slice(start))];
}

export function diffOf(files: readonly DiffFile[]): Diff {
  return new Map(files.map((file) => [file.path, file]));
}
