/** The deterministic taint engine: source code in, flows from outsiders' data to dangerous calls out. */
export { analyseTree } from './analyse-tree.ts';
export { APART_LIMITS, type ApartLimits, analyseApart, type TreesRequest } from './apart/analyse-apart.ts';
export {
  type CatalogueRows,
  CODE_RULES,
  describeCatalogue,
  loadCatalogue,
  PREPARED_CATALOGUE,
  readCatalogueFile,
} from './catalogue/index.ts';
export type { Catalogue } from './catalogue.ts';
export { analyse } from './engine/analyse.ts';
export { isWrittenByMachine } from './engine/machine-text.ts';
export { packageEntries } from './engine/script-packages.ts';
export { ENGINE_LIMITS } from './engine-limits.ts';
export type { EngineLimits, EngineRequest, EngineResult } from './engine-types.ts';
export { isProgram, isRecipePath } from './recipes/index.ts';
