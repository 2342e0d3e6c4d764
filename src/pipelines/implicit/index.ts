import { EDITOR_ROWS } from './editor-rows.ts';
import { ENVIRONMENT_ROWS } from './environment-rows.ts';
import type { ImplicitRow } from './implicit-row.ts';
import { JAVASCRIPT_ROWS } from './javascript-rows.ts';
import { LANGUAGE_ROWS } from './language-rows.ts';
import { RowIndex } from './row-index.ts';

/** Every kind of file that makes a tool run commands without being asked. */
export const IMPLICIT_ROWS: readonly ImplicitRow[] = [
  ...JAVASCRIPT_ROWS,
  ...LANGUAGE_ROWS,
  ...EDITOR_ROWS,
  ...ENVIRONMENT_ROWS,
];

const INDEX = new RowIndex(IMPLICIT_ROWS);

/** The row of a path, by its name alone; `undefined` for a file that nothing obeys. Vendored packages count too. */
export function implicitRowOf(path: string): ImplicitRow | undefined {
  return INDEX.find(path);
}
