export { AGENT_SIGNS } from './agent-signs.ts';
export { determineOrigin } from './determine-origin.ts';
export { findAgentSigns } from './find-signs.ts';
export { labelsFor, trailersFor } from './labels.ts';
export { type RunRecord, readRun } from './run-record.ts';
