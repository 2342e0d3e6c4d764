import { type Finding, SEVERITIES } from '../findings/index.ts';

/** Paths first, then by severity, then as a person reads files. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rank = new Map(SEVERITIES.map((severity, index) => [severity, index]));
  const weigh = ({ flow, severity }: Finding): number =>
    (flow.length > 0 ? 0 : SEVERITIES.length) + (rank.get(severity) ?? 0);
  return [...findings].sort(
    (one, other) =>
      weigh(one) - weigh(other) ||
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
