import { auditTree } from '../../../src/audit/index.ts';
import type { Severity } from '../../../src/findings/index.ts';
import { createLineIndex, type Readers } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import type { Row } from './row.ts';

/** One place of one of our findings, by lines: where it is reported, or a related place that it names. */
export interface Reported {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/** Audits the repository of a row; a repository that several rows share is audited once. */
export function createAuditor(readers: Readers): (row: Row) => readonly Reported[] {
  const known = new Map<string, readonly Reported[]>();
  return ({ files }) => {
    const key = JSON.stringify(files);
    const before = known.get(key);
    if (before !== undefined) return before;
    const { findings } = auditTree(memoryTree(files), readers, { today: '2026-11-21' });
    const found = findings
      .flatMap(({ rule, severity, place, related }) =>
        [place, ...related.map((each) => each.place)].map((at) => ({ rule, severity, place: at })),
      )
      .map(({ rule, severity, place }): Reported => {
        const lines = createLineIndex(files[place.file] ?? '');
        const first = lines.position(place.span.start).line;
        return {
          rule,
          severity,
          file: place.file,
          first,
          last: lines.position(Math.max(place.span.start, place.span.end - 1)).line,
        };
      });
    known.set(key, found);
    return found;
  };
}
