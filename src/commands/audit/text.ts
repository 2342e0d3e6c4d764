import type { AuditDifference, CutPlan } from '../../audit/index.ts';
import { createLocator, type Report } from '../../findings/index.ts';
import { escapeTerminal } from '../../text/index.ts';

/** The cheapest cuts, and what the profile left out. */
export function formatCuts({ cuts, paths }: CutPlan, hidden: number): string {
  const lines: string[] = [];
  if (cuts.length > 0) {
    lines.push('', `The cheapest way to end ${paths === 1 ? 'the attack path' : `all ${paths} attack paths`}:`);
    const groups = [...Map.groupBy(cuts, ({ cut }) => cut.what)];
    for (const [index, [what, same]] of groups.entries()) {
      const ends = same.reduce((sum, one) => sum + one.ends, 0);
      const places = same.length > 1 ? `in ${same.length} places, ` : '';
      lines.push(`  ${index + 1}. ${what}${paths > 1 ? ` (${places}ends ${ends})` : ''}`);
    }
  }
  if (hidden > 0)
    lines.push('', `Not shown here: ${hidden} ${hidden === 1 ? 'finding' : 'findings'}; --profile all shows them.`);
  return lines.length === 0 ? '' : `${lines.map((line) => escapeTerminal(line)).join('\n')}\n`;
}

/** What the change mended, and which controls it took away. */
export function formatDifference({ fixed, removedControls }: AuditDifference): string {
  const lines = [
    ...removedControls.map(({ run, what }) => `removed control: ${run} loses ${what}`),
    ...(fixed.length > 0 ? [`The change mends ${fixed.length} findings.`] : []),
  ];
  return lines.length === 0 ? '' : `\n${lines.map((line) => escapeTerminal(line)).join('\n')}\n`;
}

/** What the policies demand none of and is there, each with the place of the demand. */
export function formatViolations(report: Report): readonly string[] {
  const locator = createLocator(report);
  return (report.violations ?? []).map(({ none, by, place, findings }) => {
    const region = locator.region(place);
    const where = region ? `${place.file}:${region.startLine}:${region.startColumn}` : place.file;
    const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
    return escapeTerminal(`${where}: the ${by}'s policy demands none of ${none}: ${count} left`);
  });
}
