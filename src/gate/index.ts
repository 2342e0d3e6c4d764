export type { GateEvidence, GateReason, GateResult, GateVerdict, Origin, People, RunEvidence } from './model.ts';
