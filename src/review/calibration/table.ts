import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import type { SourceFile } from '../../syntax/index.ts';
import type { Calibration } from './evidence.ts';
import { type CalibrationRow, probabilityFrom } from './fit.ts';

/** Where a table stands in a repository; a review reads that of the base. */
export const CALIBRATION_FILE = 'sallyport-calibration.json';
/** Raised when an older reader would give other probabilities. */
const FORMAT = 'sallyport-calibration/1';

const form = z.strictObject({
  format: z.literal(FORMAT),
  source: z.string().max(1_000),
  date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  rows: z
    .array(
      z.strictObject({
        votes: z.int().min(1).max(3).nullable(),
        families: z.int().min(1).max(2).nullable(),
        engine: z.boolean().nullable(),
        verifier: z.enum(['stands', 'refuted', 'needs-evidence', 'none']).nullable(),
        cwe: z.int().min(0).nullable(),
        count: z.int().min(0),
        right: z.int().min(0),
        probability: z.number().min(0).max(1),
      }),
    )
    .min(1)
    .max(20_000),
});

const MOST_BYTES = 8 * 1024 * 1024;

/** The text of a table: one row a line, so that two versions can be compared. */
export function writeTable(
  rows: readonly CalibrationRow[],
  { source, date }: Pick<Calibration, 'source' | 'date'>,
): string {
  const lines = rows.map(({ votes, families, engine, verifier, cwe, count, right, probability }) =>
    JSON.stringify({
      votes: votes ?? null,
      families: families ?? null,
      engine: engine ?? null,
      verifier: verifier ?? null,
      cwe: cwe ?? null,
      count,
      right,
      probability: Math.round(probability * 1000) / 1000,
    }),
  );
  const head = { format: FORMAT, source, date };
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`;
}

/**
 * A table as a review uses it.
 * @throws SallyportError SP2307 when it is not in the form; a table that cannot be read is not replaced by another.
 */
export function readTable(file: SourceFile): Calibration {
  const fail = (reason: string, cause?: unknown): never => {
    throw new SallyportError('SP2307', `${file.path}: ${reason}`, { cause });
  };
  if (file.text.length > MOST_BYTES) return fail(`it is longer than ${MOST_BYTES} characters`);
  let json: unknown;
  try {
    json = JSON.parse(file.text);
  } catch (cause) {
    return fail('it is not JSON', cause);
  }
  const read = form.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return fail(`${issue?.path.join('.') || 'the table'}: ${issue?.message ?? 'not in the form'}`);
  }
  const rows = read.data.rows.map(
    ({ votes, families, engine, verifier, cwe, ...row }): CalibrationRow => ({
      ...row,
      votes: votes ?? undefined,
      families: families ?? undefined,
      engine: engine ?? undefined,
      verifier: verifier ?? undefined,
      cwe: cwe ?? undefined,
    }),
  );
  return { source: read.data.source, date: read.data.date, probability: probabilityFrom(rows) };
}
