import type { ToolActivity } from '../activity.ts';
import type { DestinationFlow, RunReport } from './run-report.ts';
import { describeEnd, formatBytes, formatCount } from './wording.ts';

/** A cell or line that may hold text from outside; every renderer escapes it for its own medium. */
export type Foreign = string;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Foreign[])[];
}

/** One question of the person who reads the report, with its answer. */
export interface Section {
  readonly title: string;
  readonly sentences: readonly Foreign[];
  readonly table?: Table;
}

/** The report as questions and answers: every human format renders these and nothing else. */
export function sectionsOf(report: RunReport): readonly Section[] {
  return [
    outcome(report),
    done(report),
    refused(report),
    left(report),
    changed(report),
    evidence(report),
    notes(report),
  ].filter((section) => section.sentences.length > 0 || (section.table?.rows.length ?? 0) > 0);
}

function outcome(report: RunReport): Section {
  const { model } = report.activity;
  const version = report.agent.version ? ` ${report.agent.version}` : '';
  const money = model.usd > 0 ? `, about $${model.usd.toFixed(2)}` : '';
  return {
    title: 'Outcome',
    sentences: [
      `${report.agent.title}${version}: ${describeEnd(report.end, report.exitCode, report.durationMs)}.`,
      `Policy: ${report.policy.origins.join(' ∧ ')} (${report.policy.digest.slice(0, 12)}), base ${report.base.ref}.`,
      `Model: ${formatCount(model.requests, 'request')}, ${formatCount(model.inputTokens + model.cacheTokens, 'token')} in, ${formatCount(model.outputTokens, 'token')} out${money}.`,
    ],
  };
}

function done(report: RunReport): Section {
  const allowed = report.activity.tools.filter((tool) => tool.verdict === 'allow');
  return {
    title: 'What it did',
    sentences:
      allowed.length === 0 ? ['No tool call was made.'] : [`${formatCount(allowed.length, 'tool call')} allowed.`],
    table: { columns: ['tool', 'what'], rows: condense(allowed) },
  };
}

/** Equal calls in a row are one line with a count: a report is read, the ledger has every call. */
function condense(tools: readonly ToolActivity[]): (readonly Foreign[])[] {
  const rows: { tool: string; summary: string; times: number }[] = [];
  for (const { tool, summary } of tools) {
    const last = rows.at(-1);
    if (last?.tool === tool && last.summary === summary) last.times += 1;
    else rows.push({ tool, summary, times: 1 });
  }
  return rows.map(({ tool, summary, times }) => [tool, times > 1 ? `${summary} (×${times})` : summary]);
}

function refused(report: RunReport): Section {
  const tools = report.activity.tools.filter((tool) => tool.verdict !== 'allow');
  const rows: (readonly Foreign[])[] = [
    ...tools.map((tool) => [`${tool.tool}: ${tool.summary}`, tool.rule, tool.reason]),
    ...report.activity.refusedConnections.map((refusal) => [
      refusal.times > 1 ? `${refusal.target} (×${refusal.times})` : refusal.target,
      refusal.rule,
      refusal.reason,
    ]),
  ];
  return {
    title: 'What was refused',
    sentences: rows.length === 0 ? ['Nothing was refused.'] : [],
    table: { columns: ['what', 'rule', 'why'], rows },
  };
}

function left(report: RunReport): Section {
  const flows = report.dataFlow.destinations.filter((flow) => flow.bytesOut > 0 || flow.requests > 0);
  if (!report.dataFlow.accounted)
    return { title: 'What left', sentences: ['Not known: the broker was lost before it told.'] };
  return {
    title: 'What left',
    sentences: flows.length === 0 ? ['Nothing left the sandbox.'] : [],
    table: {
      columns: ['destination', 'requests', 'out', 'in', 'redacted', 'workspace files disclosed'],
      rows: flows.map((flow) => [
        flow.destination,
        String(flow.requests),
        formatBytes(flow.bytesOut),
        formatBytes(flow.bytesIn),
        String(flow.redactions),
        disclosed(flow),
      ]),
    },
  };
}

function disclosed({ files, partial }: DestinationFlow): string {
  const named = files.map(({ path, fraction }) => `${path} (${Math.round(fraction * 100)} %)`).join(', ') || 'none';
  return partial ? `${named} (not everything was compared)` : named;
}

function changed(report: RunReport): Section {
  const { change } = report;
  if (!change) return { title: 'What changed', sentences: ['The change could not be read.'] };
  const rows: (readonly Foreign[])[] = [
    ...change.files.map((file) => [file.status, file.path, file.class, `+${file.addedLines} −${file.removedLines}`]),
    ...change.withheld.map((file) => ['withheld', file.path, file.rule, file.reason]),
  ];
  const sentences =
    rows.length === 0 ? ['No file was changed.'] : [`${formatCount(change.files.length, 'file')} in changes.patch.`];
  if (change.withheld.length > 0)
    sentences.push(`${formatCount(change.withheld.length, 'file')} withheld from it, see why below.`);
  for (const hit of change.secretHits)
    sentences.push(`A secret (${hit.name}, ${hit.encoding}) was found in ${hit.path}.`);
  return { title: 'What changed', sentences, table: { columns: ['status', 'path', 'class', 'lines or reason'], rows } };
}

function evidence({ activity, evidence: { records, ledger, verdict, rootHash } }: RunReport): Section {
  const { match, mismatch, unobserved } = activity.agreement;
  return {
    title: 'Evidence',
    sentences: [
      `${formatCount(records, 'record')} in ${ledger}, verdict ${verdict}, tree head ${rootHash}.`,
      `Said against seen: ${match} matched, ${mismatch} mismatched, ${unobserved} unobserved; ${formatCount(activity.gaps, 'gap')}.`,
    ],
  };
}

function notes(report: RunReport): Section {
  return { title: 'Notes', sentences: report.notes };
}
