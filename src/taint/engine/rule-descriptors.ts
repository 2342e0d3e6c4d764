import type { RuleDescriptor } from '../../findings/index.ts';
import type { Catalogue } from '../catalogue.ts';

/** A descriptor for each category that the catalogue has a sink for. */
export function describeRules(catalogue: Catalogue): readonly RuleDescriptor[] {
  const rules = new Map<string, RuleDescriptor>();
  for (const row of catalogue.sinks) {
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
