/** The run's log and its proofs: what happened, where the observed party cannot write. */
export type { Agreement, LedgerEvent, RecordedDecision, Recorder, RecordKind } from './record.ts';
