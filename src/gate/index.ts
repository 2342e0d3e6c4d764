/** The judge of a merge: evidence and policy in, a verdict with reasons out. */
export { judge } from './judge.ts';
export { mergeActionOf } from './merge-action.ts';
export type {
  GateEvidence,
  GateReason,
  GateResult,
  GateVerdict,
  KnownStatement,
  Origin,
  People,
  RunEvidence,
  UnsignedThing,
} from './model.ts';
export {
  AGENT_SIGNS,
  type AgentSign,
  determineOrigin,
  findAgentSigns,
  LABELS,
  type LedgerTrust,
  labelsFor,
  type OriginInput,
  type RunRecord,
  readRun,
  trailersFor,
} from './origin/index.ts';
export type { Lift, Occurrence, ReasonRow, View } from './reason.ts';
export { REASONS } from './reasons/index.ts';
export {
  EXIT_OF,
  type GateJsonOptions,
  renderGateHtml,
  renderGateJson,
  renderGateMarkdown,
  renderGateReasons,
  renderGateText,
  reportGate,
  VERDICT_WORDS,
} from './report/index.ts';
export { findSecrets, SECRET_ENCODINGS, type SecretSighting } from './secrets/index.ts';
export { SETUP_FORGES, type SetupForge, type SetupOptions, writeSetup } from './setup/index.ts';
export { strictest, strictnessOf } from './strictness.ts';
