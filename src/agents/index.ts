/** Each agent: how it is recognised, started, configured and understood. */
export type { AgentAdapter, AgentLaunch, AgentReport } from './adapter.ts';
export { claudeCode } from './claude-code/adapter.ts';
export { FLAGS, type FlagRow } from './claude-code/flags.ts';
export {
  isLeftOut,
  MEASURED_VERSIONS,
  type PermissionMode,
  type PredictedCall,
  type PredictedDecision,
  type PredictionInput,
  type PredictionPlace,
  predictDecision,
  SETTINGS_SOURCES,
  type SettingsSource,
} from './claude-code/prediction/index.ts';
export { TOOLS } from './claude-code/tools.ts';
export { KNOWN_HOLES, REFUSED_BELOW } from './claude-code/version-floors.ts';
export { capabilitiesOf } from './configuration/capabilities.ts';
export { isCodeRunning, isRouting, stopperOf, type Vector } from './configuration/claude-controls.ts';
export { faultyKeyOf } from './configuration/claude-left-out.ts';
export { assessCommand } from './configuration/command/assess-command.ts';
export { MALICIOUS_KINDS, type RiskKind } from './configuration/command/command-risk.ts';
export type {
  AgentConfiguration,
  HookCommand,
  LocatedRisk,
  McpServer,
  ServerOrigin,
} from './configuration/configuration.ts';
export type { Capabilities, EffectiveFact } from './configuration/effective.ts';
export { effectiveConfiguration } from './configuration/effective-configuration.ts';
export { isRestored } from './configuration/effective-input.ts';
export { powerOf } from './configuration/granted-power.ts';
export { repositoryFilesOf } from './configuration/product-files.ts';
export { PRODUCT_TRUST, type ProductTrust } from './configuration/product-trust.ts';
export { readConfigurations } from './configuration/read-configurations.ts';
export { isExact, originOf, packageOf, runnerOf } from './configuration/server-origin.ts';
export { MANAGED_ONLY_KEYS, USER_ONLY_KEYS } from './configuration/setting-scopes.ts';
export { SURFACES, type Surface } from './configuration/surfaces.ts';
export { anyCommand } from './generic/adapter.ts';
export { KNOWN_AGENTS } from './generic/known-agents.ts';
export { ACTIONS, agentTextOutputs } from './invocation/actions/index.ts';
export { maskExpressions } from './invocation/inline-settings.ts';
export type {
  ActionUse,
  CommandWord,
  GivenEntry,
  GivenText,
  Invocation,
  ProductId,
  WrittenRule,
} from './invocation/invocation.ts';
export { isModelHost, recogniseModelCall } from './invocation/model-call.ts';
export { PRODUCTS } from './invocation/products/index.ts';
export { recogniseAction } from './invocation/recognise-action.ts';
export { recogniseCommand } from './invocation/recognise-command.ts';
export { recogniseSdk } from './invocation/recognise-sdk.ts';
export type { Tag } from './invocation/tag.ts';
export { analyseRule } from './permission-rules/analyse-rule.ts';
export type { RuleUse } from './permission-rules/claude-dead.ts';
export { denyHoles } from './permission-rules/deny-holes.ts';
export { grantNote, shadowOf } from './permission-rules/grant-note.ts';
export type { Breadth, Grant, RuleMeaning } from './permission-rules/meaning.ts';
export { resolveCommand } from './program.ts';
export { ADAPTERS, adapterFor } from './registry.ts';
