/** The account of a run and its projections. */
export { renderHtml } from './html.ts';
export { renderMarkdown } from './markdown.ts';
export type { DataFlowReport, DestinationFlow, Evidence, RunReport } from './run-report.ts';
export { renderTerminal, type TerminalStyle } from './terminal.ts';
export { describeEnd, formatBytes, formatCount, formatDuration } from './wording.ts';
