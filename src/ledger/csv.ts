import type { JsonValue } from '../system/index.ts';
import { canonicalize } from './canonical.ts';
import type { StoredRecord } from './read.ts';

const COLUMNS = [
  'seq',
  'time',
  'mono',
  'kind',
  'decision',
  'agreement',
  'subject',
  'reported',
  'observed',
  'committed',
] as const;

/** The first line of an export, with its line end. */
export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`;

/** One record as a line of CSV (RFC 4180). Objects stand as JSON in one cell. */
export function toCsvLine({ sequence, record }: StoredRecord): string {
  const cells = COLUMNS.map((column) => (column === 'seq' ? String(sequence) : cell(record?.[column])));
  return `${cells.join(',')}\r\n`;
}

function cell(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : canonicalize(value);
  // A spreadsheet runs a cell that begins like a formula; the agent chooses what stands in here.
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}
