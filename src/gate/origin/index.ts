export { AGENT_SIGNS, type AgentSign } from './agent-signs.ts';
export { determineOrigin, type OriginInput } from './determine-origin.ts';
export { findAgentSigns } from './find-signs.ts';
export { LABELS, labelsFor, trailersFor } from './labels.ts';
export { type LedgerTrust, type RunRecord, readRun } from './run-record.ts';
