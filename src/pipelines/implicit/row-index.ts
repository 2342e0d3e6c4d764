import type { ImplicitRow } from './implicit-row.ts';

type Test = (path: string, name: string) => boolean;

/**
 * Finds the row of a path. Trees hold many thousand paths and rows many names, so plain names are looked up. Of the
 * policy's glob language it knows what the rows need, without case: `name`, `directory/` at any depth, `*suffix`,
 * `prefix*`, a path behind `**` at any depth, and a path before `**` at the root.
 */
export class RowIndex {
  readonly #names = new Map<string, number>();
  readonly #directories = new Map<string, number>();
  readonly #tests: { readonly test: Test; readonly row: number }[] = [];
  readonly #rows: readonly ImplicitRow[];

  constructor(rows: readonly ImplicitRow[]) {
    this.#rows = rows;
    for (const [row, { globs }] of rows.entries()) {
      for (const glob of globs) this.#add(glob.toLowerCase(), row);
    }
  }

  /** The first row of the table that selects the path. */
  find(path: string): ImplicitRow | undefined {
    const folded = path.toLowerCase();
    const segments = folded.split('/');
    const name = segments.pop() ?? '';
    let best = this.#names.get(name) ?? Number.POSITIVE_INFINITY;
    for (const segment of segments) best = Math.min(best, this.#directories.get(segment) ?? best);
    for (const { test, row } of this.#tests) if (row < best && test(folded, name)) best = row;
    return this.#rows[best];
  }

  #add(glob: string, row: number): void {
    if (!glob.includes('*')) {
      const table = glob.endsWith('/') ? this.#directories : this.#names;
      const key = glob.replace(/\/$/, '');
      if (!table.has(key)) table.set(key, row);
    } else this.#tests.push({ test: testOf(glob), row });
  }
}

function testOf(glob: string): Test {
  if (glob.startsWith('**/')) {
    const end = glob.slice(3);
    return (path) => path === end || path.endsWith(`/${end}`);
  }
  if (glob.endsWith('/**')) {
    const start = glob.slice(0, -2);
    return (path) => path.startsWith(start);
  }
  const fixed = glob.replace('*', '');
  if (fixed.includes('*') || fixed.includes('/')) return () => false;
  return glob.startsWith('*') ? (_, name) => name.endsWith(fixed) : (_, name) => name.startsWith(fixed);
}
