import type { Engine } from '../../review/index.ts';
import { loadReaders, type SourceTree } from '../../syntax/index.ts';
import { APART_LIMITS, analyseApart, type CatalogueRows, ENGINE_LIMITS, readCatalogueFile } from '../../taint/index.ts';
import { trustedFile } from '../audit/policy-files.ts';

/** Where a repository adds rows to the catalogue; read from the base, never from the change. */
const CATALOGUE_FILE = '.sallyport/catalogue.yaml';

/**
 * The engine, each analysis in a thread of its own with the limits that honest code does not reach.
 * @param trusted the tree whose own rows count; none in a tree that nobody vouches for
 */
export function createEngine(trusted?: SourceTree): Engine {
  let rows: Promise<readonly CatalogueRows[]> | undefined;
  return async (request) => {
    rows ??= readRows(trusted);
    return analyseApart({ ...request, rows: await rows }, { ...APART_LIMITS, engine: ENGINE_LIMITS });
  };
}

/** @throws SallyportError SP2301 with the place of a wrong row, SP1103 when the file cannot be read */
async function readRows(trusted: SourceTree | undefined): Promise<readonly CatalogueRows[]> {
  const file = trusted && trustedFile({ tree: trusted, ref: undefined }, CATALOGUE_FILE);
  return file === undefined ? [] : [readCatalogueFile(file, await loadReaders())];
}
