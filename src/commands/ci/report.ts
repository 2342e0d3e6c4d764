import {
  joinReports,
  type RenderOptions,
  type Report,
  type ReportFormat,
  renderJson,
  renderReport,
} from '../../findings/index.ts';
import { bundleReport, type PostingBundle } from '../../forges/index.ts';
import {
  EXIT_OF,
  type GateEvidence,
  labelsFor,
  locateEvidence,
  renderGateJson,
  renderGateMarkdown,
  renderGateText,
  reportGate,
  VERDICT_WORDS,
} from '../../gate/index.ts';
import { reportReview } from '../../review/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { escapeMarkdown } from '../../text/index.ts';
import type { Gathered } from '../gate/gather.ts';
import { VERSION } from '../version.ts';
import { describeStages, type Stages } from './stages.ts';

/** Raised when a reader of an older version could misread a newer answer; new fields do not raise it. */
const FORMAT = 'sallyport-ci/1';

/** What the gate decided on and what it reads from. */
export type Judged = Pick<Gathered, 'evidence' | 'faults' | 'source'>;

/** What audit and review found in the change, as one report. */
function reportFindings({ audited, reviewed }: Stages): Report {
  const audit = audited.difference.report;
  return reviewed === undefined
    ? joinReports('ci', [audit])
    : joinReports('ci', [audit, reportReview(reviewed, VERSION)]);
}

/**
 * The whole answer. For people the verdict comes first and the findings after it; for machines the gate's reasons are
 * findings among the others.
 */
export function renderAnswer(stages: Stages, format: ReportFormat, judged: Judged, options: RenderOptions): string {
  const found = reportFindings(stages);
  if (format === 'text')
    return [
      renderGateText(locateEvidence(stages.result, judged.source), { colour: options.colour === true }),
      `${describeStages(stages).join('\n')}\n`,
      ...(found.findings.length === 0 ? [] : [renderReport(found, 'text', options)]),
    ].join('\n');
  if (format === 'markdown') return renderSummary(stages, judged, options);
  if (format === 'json') return renderAnswerJson(stages, judged, options);
  return renderReport(joinReports('ci', [reportGate(stages.result, VERSION, judged.source), found]), format, options);
}

function renderAnswerJson(stages: Stages, { evidence, faults, source }: Judged, options: RenderOptions): string {
  // Our own output, read back as the parts that they are here.
  const gate: JsonValue = JSON.parse(renderGateJson(stages.result, evidence, { version: VERSION, faults, source }));
  const report: JsonValue = JSON.parse(renderReport(reportFindings(stages), 'json', options));
  const { verdict } = stages.result;
  return renderJson({
    format: FORMAT,
    tool: { name: 'sallyport', version: VERSION },
    verdict,
    exitCode: EXIT_OF[verdict],
    stages: [...describeStages(stages)],
    gate,
    report,
  });
}

/** Markdown for the summary page of a pipeline. */
export function renderSummary(stages: Stages, { source }: Pick<Judged, 'source'>, options: RenderOptions): string {
  const found = reportFindings(stages);
  return [
    renderGateMarkdown(locateEvidence(stages.result, source)),
    ...describeStages(stages).map((line) => `- ${escapeMarkdown(line)}`),
    '',
    ...(found.findings.length === 0 ? [] : [renderReport(found, 'markdown', options)]),
  ].join('\n');
}

/** What `sallyport post` brings to the forge in a job with rights. */
export function bundleAnswer(stages: Stages, evidence: GateEvidence, createdAt: string): PostingBundle {
  const { result, reviewed } = stages;
  const { headCommit, baseCommit, targetRef } = evidence.change;
  const labels = labelsFor(result.label);
  return bundleReport(reportFindings(stages), {
    command: 'ci',
    headCommit,
    baseCommit,
    targetRef,
    createdAt,
    verdict: result.verdict,
    blocks: result.verdict !== 'pass',
    complete: reviewed?.state === 'reviewed',
    statement: VERDICT_WORDS[result.verdict],
    notes: describeStages(stages),
    reasons: result.reasons,
    labels: { add: [labels.add], remove: labels.remove },
  });
}
