import { z } from 'zod';
import type { Evidence } from './evidence.ts';

/** One finding of a recorded review that somebody judged. */
export interface LabelledRecord extends Evidence {
  /** Where it was found; records of one repository are never judged by a table that was fitted on it. */
  readonly repository: string;
  /** The bytes bore it out; a review drops what they do not. */
  readonly witness: boolean;
  readonly right: boolean;
}

const form = z.strictObject({
  repository: z.string().min(1).max(300),
  cwe: z.int().min(0).max(100_000),
  votes: z.int().min(1).max(100),
  families: z.int().min(1).max(100).default(1),
  engine: z.boolean().default(false),
  witness: z.boolean().default(true),
  verifier: z.enum(['stands', 'refuted', 'needs-evidence', 'none']).default('none'),
  true: z.boolean(),
  // For people; no part of the evidence.
  file: z.string().optional(),
  line: z.int().optional(),
});

/** Records of a text with one JSON object a line, and the lines that are none. */
export interface RecordReading {
  readonly records: readonly LabelledRecord[];
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
}

const MOST_RECORDS = 1_000_000;

export function readRecords(text: string): RecordReading {
  const records: LabelledRecord[] = [];
  const faults: { line: number; reason: string }[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    if (records.length >= MOST_RECORDS) {
      faults.push({ line: index + 1, reason: `only ${MOST_RECORDS} records are read` });
      break;
    }
    const read = form.safeParse(parse(row));
    if (!read.success) {
      faults.push({ line: index + 1, reason: reasonOf(read.error.issues[0]) });
      continue;
    }
    const { repository, cwe, votes, families, engine, witness, verifier, true: right } = read.data;
    records.push({ repository, cwe, votes, families, engine, witness, verifier, right });
  }
  return { records, faults };
}

/** What is wrong with a line, with the field where there is one. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined || issue.path.length === 0) return 'this line is no record in JSON';
  return `${issue.path.join('.')}: ${issue.message}`;
}

function parse(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
