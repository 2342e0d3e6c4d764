/** Reads a log without judging it: for showing, comparing and exporting. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import type { JsonObject } from '../system/index.ts';
import { CanonicalError, readCanonical } from './canonical.ts';
import { FILES } from './journal.ts';
import { MAX_LEAF_BYTES } from './leaf.ts';
import { readLines } from './lines.ts';

/** A line of the log. `record` is absent when the line is torn or is not a record. */
export interface StoredRecord {
  readonly sequence: number;
  readonly record: JsonObject | undefined;
}

/**
 * The directory of the log: the one that is named, or `ledger/` in it (a run's out directory).
 *
 * @throws SallyportError SP1501 when neither holds a log.
 */
export function findLedger(directory: string): string {
  for (const candidate of [directory, join(directory, 'ledger')])
    if (existsSync(join(candidate, FILES.events)) || existsSync(join(candidate, FILES.key))) return candidate;
  throw new SallyportError('SP1501', `no ledger in ${directory}`);
}

/** The records of a log in order, in constant memory. What it yields is not verified. */
export function* readRecords(directory: string): Generator<StoredRecord, void, void> {
  let sequence = 0;
  for (const line of readLines(join(directory, FILES.events), MAX_LEAF_BYTES)) {
    yield { sequence, record: line.whole ? parse(line.bytes) : undefined };
    sequence += 1;
  }
}

function parse(bytes: Buffer): JsonObject | undefined {
  try {
    return readCanonical(bytes);
  } catch (error) {
    if (error instanceof CanonicalError) return undefined;
    throw error;
  }
}
