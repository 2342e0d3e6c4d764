import type { Report } from './report.ts';

/** Several reports as one, in this order: one file for a forge that takes one. A rule that two of them know is there once. */
export function joinReports(command: string, reports: readonly [Report, ...Report[]]): Report {
  const rules = new Map(reports.flatMap((report) => report.rules.map((rule) => [rule.id, rule])));
  const violations = reports.flatMap((report) => report.violations ?? []);
  return {
    command,
    version: reports[0].version,
    findings: reports.flatMap(({ findings }) => findings),
    rules: [...rules.values()],
    gaps: reports.flatMap(({ gaps }) => gaps),
    ...(violations.length > 0 ? { violations } : {}),
    filesRead: Math.max(...reports.map(({ filesRead }) => filesRead)),
    source(path) {
      for (const report of reports) {
        const file = report.source(path);
        if (file) return file;
      }
      return undefined;
    },
  };
}
