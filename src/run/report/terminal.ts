import { join, resolve } from 'node:path';
import { escapeTerminal } from '../../text/index.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf, type Table } from './sections.ts';

export interface TerminalStyle {
  readonly colour: boolean;
  readonly width: number;
  readonly place: TerminalPlace;
}

/** Where things are, seen from where the person types. */
export interface TerminalPlace {
  /** The out directory. */
  readonly out: string;
  /** The workspace; empty when the person is at the top of it. */
  readonly workspace: string;
  /** Whether the change is applied by the run itself. */
  readonly takesChange: boolean;
}

/** Longer tables end with how many rows were left out; the full ones are in report.md and report.html. */
const MOST_ROWS = 12;

/** The summary at the end of a run, as plain text for a terminal or a job log. */
export function renderTerminal(report: RunReport, style: TerminalStyle): string {
  const head = `Sallyport run ${report.run}`;
  const sections = [...sectionsOf(report), whereToRead(report, style.place)];
  return [bold(head, style), ...sections.map((section) => renderSection(section, style))].join('\n');
}

/** What the person does next. */
function whereToRead({ change, evidence }: RunReport, { out, workspace, takesChange }: TerminalPlace): Section {
  const patch =
    change === undefined || change.files.length === 0 || takesChange ? undefined : join(out, change.patchFile);
  const where = workspace === '' ? '' : `-C ${quoted(workspace)} `;
  const sentences = [
    `Everything is in ${out}; report.html there tells it in full.`,
    ...(patch === undefined
      ? []
      : [`To take the change: git ${where}apply ${quoted(where === '' ? patch : resolve(patch))}`]),
    // Nothing outside this host confirms it yet: without the level the command would end with 10.
    `To check the record: sallyport log verify --at-least signed ${quoted(join(out, evidence.ledger))}`,
  ];
  return { title: 'What next', sentences };
}

/** A word that a shell reads as it is. */
function quoted(word: string): string {
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function renderSection(section: Section, style: TerminalStyle): string {
  const lines = [bold(section.title, style), ...section.sentences.map((sentence) => `  ${escapeTerminal(sentence)}`)];
  if (section.table) lines.push(...renderTable(section.table, style));
  return lines.join('\n');
}

function renderTable(table: Table, style: TerminalStyle): string[] {
  const shown = table.rows
    .slice(0, MOST_ROWS)
    .map((row) => row.map((cell) => escapeTerminal(cell).replaceAll('\n', ' ')));
  const room = Math.max(40, style.width - 4);
  const widths = columnWidths(shown, table.columns.length, room);
  const lines = shown.map(
    (row) => `  ${row.map((cell, index) => fit(cell, widths[index] ?? 0, index === row.length - 1)).join('  ')}`,
  );
  if (table.rows.length > MOST_ROWS) lines.push(`  … ${table.rows.length - MOST_ROWS} more, see report.md`);
  return lines;
}

function columnWidths(rows: readonly (readonly string[])[], columns: number, room: number): number[] {
  const natural = Array.from({ length: columns }, (_, index) =>
    Math.max(0, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const share = Math.floor((room - 2 * (columns - 1)) / Math.max(1, columns));
  return natural.map((width) => Math.min(width, Math.max(share, 12)));
}

function fit(cell: string, width: number, last: boolean): string {
  if (last) return cell;
  return cell.length > width ? `${cell.slice(0, Math.max(0, width - 1))}…` : cell.padEnd(width);
}

function bold(text: string, style: TerminalStyle): string {
  return style.colour ? `\u001b[1m${text}\u001b[22m` : text;
}
