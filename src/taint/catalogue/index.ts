/** What the engine knows about languages and libraries: rows of data, and the rules that they belong to. */
import type { RuleDescriptor } from '../../findings/index.ts';
import { CATEGORY_RULES } from './category-rules.ts';
import { PATTERN_RULES } from './pattern-rules.ts';

export { CATEGORIES } from './categories.ts';
export { CATEGORY_RULES, categoryRule } from './category-rules.ts';
export { CATALOGUE_VERSION, joinRows, loadCatalogue, readCatalogueFile } from './load.ts';
export { mergeCatalogue } from './merge.ts';
export { PATTERN_RULES, patternRuleOf } from './pattern-rules.ts';
export type { CatalogueRows } from './rows.ts';

/** Every rule about code, in the order of their ids. */
export const CODE_RULES: readonly RuleDescriptor[] = [...CATEGORY_RULES, ...PATTERN_RULES].sort((one, other) =>
  one.id < other.id ? -1 : 1,
);
