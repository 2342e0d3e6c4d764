import type { RuleDescriptor } from '../../findings/index.ts';
import { describeCatalogue } from '../catalogue/index.ts';
import type { Catalogue } from '../catalogue.ts';

/** The rules of the catalogue's rows, and a plain descriptor for each category of rows that name none. */
export function describeRules(catalogue: Catalogue): readonly RuleDescriptor[] {
  const rules = new Map(describeCatalogue(catalogue).map((rule) => [rule.id, rule]));
  for (const row of catalogue.sinks) {
    if (row.rule !== undefined) continue;
    const id = `taint/${row.category}`;
    const known = rules.get(id);
    const tag = `CWE-${row.cwe}`;
    if (known) {
      if (!known.tags.includes(tag)) rules.set(id, { ...known, tags: [...known.tags, tag].sort() });
      continue;
    }
    rules.set(id, {
      id,
      name: `taint-${row.category}`,
      title: row.message,
      what: `Data that outsiders send reaches a call or place of the kind '${row.category}' without being made harmless.`,
      why: 'Whoever sends the data decides what the program does there.',
      sources: [`https://cwe.mitre.org/data/definitions/${row.cwe}.html`],
      severity: row.severity,
      confidence: row.confidence,
      tier: 'regular',
      family: 'TAINT',
      fix: 'none',
      advice: 'Check the value against a fixed set, or use an interface that keeps data and instructions apart.',
      tags: [tag],
      attack: [],
      benign: [],
    });
  }
  return [...rules.values()];
}
