import { REASONS } from '../reasons/index.ts';

/** The reference part of docs/gate.md: every reason, with an attack that has it and the twin that has not. */
export function renderGateReasons(): string {
  return REASONS.map(({ code, name, title, what, why, lifted, sources, attack, benign }) =>
    [
      `### ${code} ${name}`,
      '',
      `**${title}.** ${what}`,
      '',
      `Why: ${why}`,
      '',
      `- lifted by: ${lifted}`,
      `- has it: ${attack}`,
      `- has it not: ${benign}`,
      `- sources: ${sources.join('; ')}`,
      '',
    ].join('\n'),
  ).join('\n');
}
