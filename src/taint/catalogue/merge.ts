import type { Catalogue } from '../catalogue.ts';
import { joinRows } from './load.ts';
import type { CatalogueRows } from './rows.ts';

/**
 * The catalogue with a user's rows. Rows are only added: none of ours can be replaced or taken out. A sanitizer makes
 * findings disappear, so one that a user adds is marked `byUser`, for the report to name.
 */
export function mergeCatalogue(base: Catalogue, extra: CatalogueRows): Catalogue {
  const sanitizers = extra.sanitizers.map((row) => ({ ...row, byUser: true }));
  return { version: `${base.version}+user`, ...joinRows([base, { ...extra, sanitizers }]) };
}
