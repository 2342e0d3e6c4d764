/** Each agent: how it is recognised, started, configured and understood. */
export type { AgentAdapter, AgentLaunch, AgentReport, LaunchContext, ToolCall } from './adapter.ts';
