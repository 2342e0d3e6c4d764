/** A line of somebody's test file that a rule must report, or must not. */
export interface AnnotatedLine {
  /** Below the root of the suite; decides the half. */
  readonly file: string;
  /** From 1: the line that the mark is about. */
  readonly line: number;
  /** A statement may begin on the line of the mark and be reported on the next one. */
  readonly lastLine: number;
  readonly wrong: boolean;
  /** What the suite calls the weakness, folded; empty: any. */
  readonly classes: readonly number[];
  /** Rows of the suite's own table. */
  readonly group: string;
  readonly rule: string;
}

/** What a tool reports, in the terms of every tool. */
export interface Alarm {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  /** Folded numbers of CWE. */
  readonly classes: readonly number[];
  /** Shown to those only who ask for everything. */
  readonly pedantic: boolean;
  readonly says: string;
  /** Lines that its flow goes through before, where it is one: `file:line`. */
  readonly through: readonly string[];
}

/** Numbers that name one weakness more or less narrowly. */
const FOLDED: Readonly<Record<number, number>> = {
  23: 22,
  36: 22,
  73: 22,
  98: 22,
  77: 78,
  88: 78,
  95: 94,
  96: 94,
  1336: 94,
  80: 79,
  83: 79,
  116: 79,
  564: 89,
  915: 1321,
  471: 1321,
  400: 1333,
  730: 1333,
  185: 1333,
  441: 918,
  328: 327,
  916: 327,
  338: 330,
  1004: 614,
  943: 89,
  215: 489,
  939: 601,
};

export function foldClass(cwe: number): number {
  return FOLDED[cwe] ?? cwe;
}

/** Whether an alarm is about a marked line and its weakness. */
export function isAbout(alarm: Alarm, row: AnnotatedLine): boolean {
  return (
    alarm.file === row.file &&
    alarm.line <= row.lastLine &&
    alarm.lastLine >= row.line &&
    (row.classes.length === 0 || row.classes.some((cwe) => alarm.classes.includes(cwe)))
  );
}

/** Whether the flow of an alarm goes through a marked line: where a query is put together, not where it is sent. */
export function goesThrough({ through, classes }: Alarm, row: AnnotatedLine): boolean {
  const isSame = row.classes.length === 0 || row.classes.some((cwe) => classes.includes(cwe));
  return isSame && (through.includes(`${row.file}:${row.line}`) || through.includes(`${row.file}:${row.lastLine}`));
}
