import { inert } from '../markup/inert.ts';
import type { LineRemark } from '../model.ts';
import type { PostingFinding, PostingStep } from './model.ts';

/** Remarks for the findings that have lines, in their order; every text escaped here and nowhere else. */
export function renderReviewRemarks(findings: readonly PostingFinding[]): readonly LineRemark[] {
  return findings.flatMap((finding): readonly LineRemark[] => {
    const { startLine, endLine, fingerprint, path, side, suggestion } = finding;
    if (startLine === undefined || endLine === undefined) return [];
    // What a suggestion replaces is the place of its remark.
    const lines = suggestion ?? { startLine, endLine };
    return [
      {
        fingerprint,
        path,
        startLine: lines.startLine,
        endLine: lines.endLine,
        side,
        markdown: remarkText(finding),
        suggestion: suggestion?.text,
      },
    ];
  });
}

function remarkText(finding: PostingFinding): string {
  const { severity, confidence, title, rule, message, detail, advice, flow } = finding;
  return [
    `**${severity}**: ${inert(title, 300)} (${inert(rule, 100)}, confidence ${confidence})`,
    inert(message),
    ...(detail === undefined || detail === advice ? [] : [inert(detail, 2000)]),
    ...(flow.length === 0 ? [] : [flow.map(stepText).join('\n')]),
    ...(advice === '' ? [] : [`**What to do:** ${inert(advice)}`]),
  ].join('\n\n');
}

function stepText({ role, path, line, message }: PostingStep, index: number): string {
  const where = line === undefined ? path : `${path}:${line}`;
  return `${index + 1}. **${role}**: ${inert(message, 300)} (${inert(where, 300)})`;
}
