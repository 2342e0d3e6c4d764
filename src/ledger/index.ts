/** The run's log and its proofs: what happened, where the observed party cannot write. */
export { CanonicalError, canonicalize, readCanonical, toCarriable } from './canonical.ts';
export { openContent } from './content.ts';
export { CSV_HEADER, toCsvLine } from './csv.ts';
export { compareLedgers, type Difference, describeRecord } from './difference.ts';
export { type ClosedLedger, Ledger } from './ledger.ts';
export { hashLeaf } from './merkle.ts';
export { findLedger, readRecords, type StoredRecord } from './read.ts';
export type { Agreement, LedgerEvent, RecordedDecision, Recorder } from './record.ts';
export { type LedgerReport, VERDICT_EXIT, type Verdict } from './verdict.ts';
export { type VerifyOptions, verifyLedger } from './verify.ts';
