/** The account of a run and its projections. */
export { renderHtml } from './html.ts';
export { renderMarkdown } from './markdown.ts';
export type { DataFlowReport, RunReport } from './run-report.ts';
export { renderTerminal, type TerminalPlace } from './terminal.ts';
export { formatCount, formatDuration } from './wording.ts';
