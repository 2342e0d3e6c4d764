import type { Catalogue, SinkRow } from '../catalogue.ts';
import { CATEGORY_WEIGHTS } from './categories.ts';
import { categoryRule } from './category-rules.ts';
import type { CatalogueFile } from './file-schema.ts';
import { patternRuleOf } from './pattern-rules.ts';

type Group = CatalogueFile['groups'][number];
export type CatalogueRows = Omit<Catalogue, 'version'>;

/** A row as written: several names, and its documentation that of the group unless it says otherwise. */
interface WrittenRow {
  readonly match: readonly string[];
  readonly source?: string | undefined;
}

type Without<Row> = { [Key in keyof Row]: Exclude<Row[Key], undefined> };

/** The rows of a file as the interpreter takes them: one for each name, with what the group and the category give. */
export function rowsOf(file: CatalogueFile): CatalogueRows {
  const { languages, groups } = file;
  const each = <Row extends WrittenRow>(of: (group: Group) => readonly Row[]) =>
    groups.flatMap((group) =>
      of(group).flatMap((row) =>
        row.match.map((match) => defined({ ...row, match, source: row.source ?? group.source, languages })),
      ),
    );
  return {
    sources: each((group) => group.sources),
    sinks: each((group) => group.sinks).map(({ cwe, severity, message, ...row }): SinkRow => {
      const weight = CATEGORY_WEIGHTS[row.category];
      return {
        ...row,
        cwe: cwe ?? weight.cwe,
        severity: severity ?? weight.severity,
        message: message ?? weight.message,
        rule: categoryRule(row.category).id,
      };
    }),
    sanitizers: each((group) => group.sanitizers),
    propagators: each((group) => group.propagators),
    entryPoints: each((group) => group.entryPoints),
    patterns: each((group) => group.patterns).map((row) => {
      const rule = patternRuleOf(row.rule);
      return {
        ...row,
        cwe: row.cwe ?? rule.cwe,
        severity: row.severity ?? rule.descriptor.severity,
        title: rule.descriptor.title,
      };
    }),
  };
}

/** Fields that were not written are not there, rather than there and undefined. */
function defined<Row extends object>(row: Row): Without<Row> {
  // Sound: exactly the fields that `Without` forbids to be undefined are left out when they are.
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Without<Row>;
}
