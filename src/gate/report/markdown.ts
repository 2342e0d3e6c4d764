import { escapeMarkdown, revealHidden } from '../../text/index.ts';
import type { GateReason, GateResult } from '../model.ts';
import { GROUPS, shownEvidence, summaryOf, VERDICT_WORDS } from './outline.ts';

/** For a step summary or a comment: the verdict first; everything from outside is escaped. */
export function renderGateMarkdown(result: GateResult): string {
  const groups = GROUPS.flatMap(({ verdict, heading }) => {
    const reasons = result.reasons.filter((reason) => reason.verdict === verdict);
    return reasons.length === 0 ? [] : [`### ${heading}`, '', ...reasons.flatMap(describe)];
  });
  return [
    `## Sallyport gate: ${VERDICT_WORDS[result.verdict]}`,
    '',
    ...summaryOf(result).map((row) => `- ${shown(row.replace(/ {2,}/, ': '))}`),
    '',
    ...groups,
    ...(result.lifted.length === 0
      ? []
      : ['### Lifted by approval', '', ...result.lifted.map(({ code, message }) => `- ${code} ${shown(message)}`), '']),
    ...(result.approvals.refused.length === 0
      ? []
      : [
          '### Approvals that do not count',
          '',
          ...result.approvals.refused.map(({ approver, reason }) => `- ${shown(approver)}: ${shown(reason)}`),
          '',
        ]),
  ].join('\n');
}

function describe(reason: GateReason): readonly string[] {
  const { lines, more } = shownEvidence(reason);
  return [
    `**${reason.code}** ${shown(reason.message)}`,
    '',
    ...lines.map((text) => `- ${shown(text)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
    `Lifted by: ${shown(reason.liftedBy)}`,
    '',
  ];
}

function shown(text: string): string {
  return escapeMarkdown(revealHidden(text.replace(/[\r\n\t]+/g, ' ')).slice(0, 1000));
}
