import { type Finding, SEVERITIES } from '../findings/index.ts';

/** Paths first, then by severity, then as a person reads files. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (one, other) =>
      Number(other.flow.length > 0) - Number(one.flow.length > 0) ||
      SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
      compare(one.place.file, other.place.file) ||
      one.place.span.start - other.place.span.start ||
      compare(one.rule, other.rule),
  );
}

/** By code unit: the order must not depend on the machine's language. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
