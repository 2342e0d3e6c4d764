/** The judge of a merge: evidence and policy in, a verdict with reasons out. */
export { judge } from './judge.ts';
export { mergeActionOf } from './merge-action.ts';
export type { GateEvidence, GateResult, GateVerdict, RunEvidence, UnsignedThing } from './model.ts';
export {
  AGENT_SIGNS,
  determineOrigin,
  findAgentSigns,
  labelsFor,
  type RunRecord,
  readRun,
  trailersFor,
} from './origin/index.ts';
export { REASONS } from './reasons/index.ts';
export {
  EXIT_OF,
  locateEvidence,
  remarksOf,
  renderGateHtml,
  renderGateJson,
  renderGateMarkdown,
  renderGateReasons,
  renderGateText,
  reportGate,
  VERDICT_WORDS,
} from './report/index.ts';
export { SETUP_FORGES, type SetupForge, writeSetup } from './setup/index.ts';
export { strictnessOf } from './strictness.ts';
