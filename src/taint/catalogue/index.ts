/** What the engine knows about languages and libraries: rows of data, and the rules that they belong to. */
import type { RuleDescriptor } from '../../findings/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { CATEGORY_RULES } from './category-rules.ts';
import { PATTERN_RULES } from './pattern-rules.ts';

export { CATEGORIES } from './categories.ts';
export { CATEGORY_RULES, categoryRule } from './category-rules.ts';
export { CATALOGUE_VERSION, joinRows, loadCatalogue, PREPARED_CATALOGUE, readCatalogueFile } from './load.ts';
export { mergeCatalogue } from './merge.ts';
export { PATTERN_RULES, patternRuleOf } from './pattern-rules.ts';
export type { CatalogueRows } from './rows.ts';

/** Every rule about code, in the order of their ids. */
export const CODE_RULES: readonly RuleDescriptor[] = [...CATEGORY_RULES, ...PATTERN_RULES].sort((one, other) =>
  one.id < other.id ? -1 : 1,
);

/** The rules that the rows of a catalogue and the modules of `patterns/` can break, tagged with the classes of the rows. */
export function describeCatalogue({ sinks, patterns }: Catalogue): readonly RuleDescriptor[] {
  const classes = new Map<string, Set<string>>();
  for (const { rule, cwe } of [...sinks, ...patterns]) {
    if (rule === undefined) continue;
    const known = classes.get(rule) ?? new Set();
    classes.set(rule, known.add(`CWE-${cwe}`));
  }
  return CODE_RULES.map((rule) => ({ ...rule, tags: [...new Set([...rule.tags, ...(classes.get(rule.id) ?? [])])] }));
}
