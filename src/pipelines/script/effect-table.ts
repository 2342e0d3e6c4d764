import { DOWNLOAD_ROWS } from './downloads.ts';
import type { EffectRow } from './effect-row.ts';
import { BUILD_ROWS } from './rows-build.ts';
import { CONTAINER_ROWS } from './rows-containers.ts';
import { DELIVERY_ROWS } from './rows-delivery.ts';
import { FORGE_ROWS } from './rows-forge.ts';
import { GIT_ROWS } from './rows-git.ts';
import { HOST_ROWS } from './rows-host.ts';
import { LOGIN_ROWS } from './rows-login.ts';
import { PACKAGE_ROWS } from './rows-packages.ts';

/** A row whose sub-command is taken apart; `undefined` for a word that may be anything. */
export interface IndexedRow {
  readonly row: EffectRow;
  readonly wanted: readonly (readonly string[] | undefined)[];
}

/** Every row, by program. */
export const EFFECT_ROWS: ReadonlyMap<string, readonly IndexedRow[]> = indexRows([
  ...GIT_ROWS,
  ...FORGE_ROWS,
  ...PACKAGE_ROWS,
  ...BUILD_ROWS,
  ...DOWNLOAD_ROWS,
  ...CONTAINER_ROWS,
  ...DELIVERY_ROWS,
  ...LOGIN_ROWS,
  ...HOST_ROWS,
]);

function indexRows(rows: readonly EffectRow[]): ReadonlyMap<string, readonly IndexedRow[]> {
  const index = new Map<string, IndexedRow[]>();
  for (const row of rows) {
    const words = row.words?.split(' ') ?? [];
    const indexed = { row, wanted: words.map((word) => (word === '*' ? undefined : word.split('|'))) };
    for (const program of typeof row.program === 'string' ? [row.program] : row.program) {
      const known = index.get(program);
      if (known) known.push(indexed);
      else index.set(program, [indexed]);
    }
  }
  return index;
}
