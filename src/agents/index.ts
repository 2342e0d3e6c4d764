/** Each agent: how it is recognised, started, configured and understood. */
export type { AgentAdapter, AgentLaunch, AgentReport, LaunchContext, ToolCall } from './adapter.ts';
export { claudeCode } from './claude-code/adapter.ts';
export { FLAGS, type FlagRow } from './claude-code/flags.ts';
export { TOOLS } from './claude-code/tools.ts';
export { KNOWN_HOLES, type KnownHole, REFUSED_BELOW } from './claude-code/version-floors.ts';
export type {
  AgentConfiguration,
  FileRole as ConfigurationRole,
  HelperCommand,
  HookCommand,
  McpServer,
  SurfaceKind,
} from './configuration/configuration.ts';
export type { Capabilities, EffectiveFact } from './configuration/effective.ts';
export { anyCommand } from './generic/adapter.ts';
export { KNOWN_AGENTS, type KnownAgent } from './generic/known-agents.ts';
export type {
  ActionUse,
  CommandWord,
  GivenEntry,
  GivenText,
  Invocation,
  ProductId,
  PromptMode,
  WrittenRule,
} from './invocation/invocation.ts';
export { type ProgramSearch, resolveCommand } from './program.ts';
export { ADAPTERS, adapterFor } from './registry.ts';
export type { ToolRow } from './tool-vocabulary.ts';
