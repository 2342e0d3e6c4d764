import type { AuditDifference, CutPlan, Tampering } from '../../audit/index.ts';
import { escapeTerminal } from '../../text/index.ts';

/** The cheapest cuts, and what the profile left out. */
export function formatCuts({ cuts, paths }: CutPlan, hidden: number): string {
  const lines: string[] = [];
  if (cuts.length > 0) {
    lines.push('', `The cheapest way to end ${paths === 1 ? 'the attack path' : `all ${paths} attack paths`}:`);
    for (const [index, { cut, ends }] of cuts.entries()) {
      lines.push(`  ${index + 1}. ${cut.what}${paths > 1 ? ` (ends ${ends})` : ''}`);
    }
  }
  if (hidden > 0) lines.push('', `${hidden} findings of low weight are not shown; --profile all shows them.`);
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

/** Every file that gives other orders or other power since a moment, with who changed it. */
export function formatTampering(
  { files, runs }: Tampering,
  authors: ReadonlyMap<string, readonly string[]>,
  ref: string,
): string {
  if (files.length === 0 && runs.length === 0)
    return escapeTerminal(`Nothing that gives orders changed since ${ref}.\n`);
  const changed = files.flatMap(({ path, change, class: kind, effects }) => [
    `${change.padEnd(8)}${path} (${kind})${whoChanged(authors.get(path))}`,
    ...effects.map(({ direction, message }) => `        ${direction} ${message}`),
  ]);
  const agents = runs.map(({ id, message }) => `agent   ${id}: ${message}`);
  return `${[...changed, ...agents].map((line) => escapeTerminal(line)).join('\n')}\n`;
}

function whoChanged(authors: readonly string[] | undefined): string {
  return authors === undefined || authors.length === 0 ? ', not committed' : `, by ${authors.join(', ')}`;
}
