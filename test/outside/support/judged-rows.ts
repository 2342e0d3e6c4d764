/** What it is, what must come of it, what came of it. */
export type Row = readonly [string, boolean, boolean];

/** Prints a line for each; the exit code says whether all is as it must be. */
export function tell(rows: readonly Row[]): number {
  for (const [what, expected, found] of rows) console.log(`${expected === found ? 'ok  ' : 'FAIL'} ${what}`);
  return rows.every(([, expected, found]) => expected === found) ? 0 : 1;
}
