import { inert } from '../markup/inert.ts';

/** What a patch mends, and what was looked at. */
export interface HealedChange {
  readonly rule: string;
  readonly title: string;
  readonly file: string;
  readonly fingerprint: string;
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly reason: string }[];
}

/** Title and body of the request for a patch. What stands in the repository is made inert. */
export function renderProposal({ rule, title, file, fingerprint, checks }: HealedChange): {
  readonly title: string;
  readonly body: string;
} {
  const rows = checks.map(
    ({ check, outcome, reason }) => `| ${inert(check, 40)} | ${inert(outcome, 20)} | ${inert(reason, 200)} |`,
  );
  const body = [
    `This patch is for ${inert(rule, 40)}: ${inert(title, 200)}, in ${inert(file, 300)}.`,
    '',
    '| Check | Outcome | |',
    '|---|---|---|',
    ...rows,
    '',
    `Finding \`${fingerprint.slice(0, 16)}\`. The checks say that the finding is gone and nothing else came; whether the`,
    'program still does what it should, a person has to say. Nothing merges this by itself.',
    '',
  ].join('\n');
  return { title: `Mend ${inert(rule, 40)} in ${file.replace(/[^\w./@+-]/g, '?').slice(-120)}`, body };
}
