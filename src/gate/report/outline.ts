import type { GateReason, GateResult, GateVerdict } from '../model.ts';

/** What a verdict means, in words for the first line. */
export const VERDICT_WORDS: Readonly<Record<GateVerdict, string>> = {
  pass: 'pass: nothing speaks against this change',
  'needs-approval': 'needs approval: people have to look before it is merged',
  incomplete: 'incomplete: a part of the evidence is missing, and what is not known does not pass',
  blocked: 'blocked: it is not merged as it is',
};

export const EXIT_OF: Readonly<Record<GateVerdict, 0 | 1 | 3>> = {
  pass: 0,
  'needs-approval': 1,
  blocked: 1,
  incomplete: 3,
};

/** Headings of the groups in which reasons are shown, the strictest first. */
export const GROUPS: readonly { readonly verdict: Exclude<GateVerdict, 'pass'>; readonly heading: string }[] = [
  { verdict: 'blocked', heading: 'Blocks' },
  { verdict: 'incomplete', heading: 'Missing' },
  { verdict: 'needs-approval', heading: 'Needs a person' },
];

/** Lines of evidence that are shown before the rest is counted. */
const MOST_LINES = 12;

export function shownEvidence({ evidence }: GateReason): { readonly lines: readonly string[]; readonly more: number } {
  return { lines: evidence.slice(0, MOST_LINES), more: Math.max(0, evidence.length - MOST_LINES) };
}

/** What stands under the verdict: label, people, size, policy. */
export function summaryOf({ label, approvals, approvalsMissing, policy, size }: GateResult): readonly string[] {
  const counted = approvals.counted.length === 0 ? 'none' : approvals.counted.join(', ');
  const missing = approvalsMissing === 0 ? '' : `; ${approvalsMissing} more needed`;
  return [
    `label      ${label}`,
    `approvals  ${counted}${missing}`,
    ...(approvals.pushersUnknown ? ['pushers    the forge does not tell all: one who is not named could approve'] : []),
    ...(approvals.breakGlass ? ['glass      broken by two people: this is an incident'] : []),
    `policy     ${policy.verdict}: ${policy.reason} (${policy.rule})`,
    `size       ${numberOf(size.files, 'file')}, ${numberOf(size.lines, 'line')}, ${size.binaryFiles} binary`,
  ];
}

function numberOf(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
