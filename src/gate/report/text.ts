import { escapeCiCommand, revealHidden } from '../../text/index.ts';
import type { GateReason, GateResult, GateVerdict } from '../model.ts';
import { GROUPS, shownEvidence, summaryOf, VERDICT_WORDS } from './outline.ts';

/** SGR parameters (ECMA-48 §8.3.117). */
const COLOURS: Readonly<Record<GateVerdict, string>> = {
  pass: '1;32',
  'needs-approval': '1;33',
  incomplete: '1;35',
  blocked: '1;31',
};

/** The verdict first, then every reason with its evidence and who lifts it. Nothing from outside has power over the terminal. */
export function renderGateText(result: GateResult, options: { readonly colour: boolean }): string {
  const paint = (style: string, text: string): string => (options.colour ? `\u001b[${style}m${text}\u001b[0m` : text);
  const groups = GROUPS.flatMap(({ verdict, heading }) => {
    const reasons = result.reasons.filter((reason) => reason.verdict === verdict);
    return reasons.length === 0 ? [] : [paint('1', heading), ...reasons.map((reason) => describe(reason, paint))];
  });
  const lifted =
    result.lifted.length === 0
      ? []
      : [
          [
            paint('1', 'Lifted by approval'),
            ...result.lifted.map(({ code, message }) => `  ${code} ${line(message)}`),
          ].join('\n'),
        ];
  const refused =
    result.approvals.refused.length === 0
      ? []
      : [
          [
            paint('1', 'Approvals that do not count'),
            ...result.approvals.refused.map(({ approver, reason }) => `  ${line(approver)}: ${line(reason)}`),
          ].join('\n'),
        ];
  const blocks = [
    paint(COLOURS[result.verdict], VERDICT_WORDS[result.verdict]),
    summaryOf(result)
      .map((row) => `  ${line(row)}`)
      .join('\n'),
    ...groups,
    ...lifted,
    ...refused,
  ];
  return escapeCiCommand(`${blocks.join('\n\n')}\n`);
}

function describe(reason: GateReason, paint: (style: string, text: string) => string): string {
  const { lines, more } = shownEvidence(reason);
  return [
    `  ${paint('1', reason.code)} ${line(reason.message)}`,
    ...lines.map((text) => `    · ${line(text)}`),
    ...(more > 0 ? [`    · and ${more} more`] : []),
    `    lifted by: ${line(reason.liftedBy)}`,
  ].join('\n');
}

function line(text: string): string {
  return revealHidden(text.replace(/[\r\n\t]+/g, ' ')).slice(0, 1000);
}
