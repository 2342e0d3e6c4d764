/** How a person reads a ledger on a terminal. Everything that stands in a record came from outside and is escaped. */
import { type Difference, describeRecord, type LedgerReport, type StoredRecord } from '../ledger/index.ts';
import type { JsonValue } from '../system/index.ts';
import { escapeTerminal } from '../text/index.ts';

const SUBJECT_CHARACTERS = 100;

/** The account of a verification: the verdict first, then what it rests on. */
export function formatReport(report: LedgerReport): string {
  const { checkpoints, final, anchors } = report;
  const lines = [
    `${report.verdict}: ${report.meaning}`,
    `  log          ${escapeTerminal(report.origin ?? '(no key)')}`,
    `  records      ${report.records}, of which ${checkpoints.coveredRecords} under a signed checkpoint`,
    `  root         ${report.root}`,
    `  checkpoints  ${checkpoints.count}`,
    `  final        ${final === null ? 'none' : `${escapeTerminal(final.outcome)}, exit ${final.exit ?? 'none'}`}`,
    `  remembered   ${anchors.rememberedRecords === null ? 'no checkpoint given' : `${anchors.rememberedRecords} records`}`,
    `  witnesses    ${anchors.witnesses.length === 0 ? 'none' : anchors.witnesses.map(escapeTerminal).join(', ')}${anchors.quorum ? ' (quorum)' : ''}`,
  ];
  for (const note of report.notes) lines.push(`  note: ${escapeTerminal(note)}`);
  for (const gap of report.gaps) lines.push(`  gap: record ${gap.record}: ${escapeTerminal(gap.kind)}`);
  // The last checkpoint is kept twice: what is wrong with it is said once.
  const failed = report.failures.map(
    ({ check, record, message }) =>
      `  FAILED ${check}${record === undefined ? '' : ` at record ${record}`}: ${escapeTerminal(message)}`,
  );
  lines.push(...new Set(failed));
  const unlisted = report.failureCount - report.failures.length;
  if (unlisted > 0) lines.push(`  … and ${unlisted} more failed checks`);
  return `${lines.join('\n')}\n`;
}

/** Column heads of {@link formatRow}. */
export const TABLE_HEAD = `${'SEQ'.padStart(6)}  ${'TIME'.padEnd(12)}  ${'KIND'.padEnd(18)}  ${'DECISION'.padEnd(8)}  WHAT\n`;

/** One record as a row. */
export function formatRow({ sequence, record }: StoredRecord): string {
  const { kind, verdict, rule } = describeRecord(record);
  const time = textOf(record?.['time']).slice(11, 23);
  const agreement = record?.['agreement'] === 'mismatch' ? ' MISMATCH' : '';
  const subject = summarize(record?.['subject']);
  const what = [subject, rule === '' ? '' : `[${rule}]`].filter((part) => part !== '').join(' ');
  const cells = [time.padEnd(12), kind.padEnd(18), verdict.padEnd(8), `${what}${agreement}`];
  return `${String(sequence).padStart(6)}  ${cells.map(escapeTerminal).join('  ')}\n`;
}

/** What two runs have more or less often, as a table. */
export function formatDifferences(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'No difference in kinds of records or decisions.\n';
  const rows = differences.map(({ kind, verdict, rule, left, right }) => {
    const cells = [kind.padEnd(18), verdict.padEnd(8), rule].map(escapeTerminal).join('  ');
    return `${String(left).padStart(6)}  ${String(right).padStart(6)}  ${cells}\n`;
  });
  return `${'LEFT'.padStart(6)}  ${'RIGHT'.padStart(6)}  ${'KIND'.padEnd(18)}  ${'DECISION'.padEnd(8)}  RULE\n${rows.join('')}`;
}

function summarize(subject: JsonValue | undefined): string {
  if (typeof subject !== 'object' || subject === null) return '';
  const text = Object.entries(subject)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  return text.length <= SUBJECT_CHARACTERS ? text : `${text.slice(0, SUBJECT_CHARACTERS)}…`;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
