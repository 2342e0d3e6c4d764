export { reportGate } from './findings.ts';
export { renderGateHtml } from './html.ts';
export { type GateJsonOptions, renderGateJson } from './json.ts';
export { renderGateMarkdown } from './markdown.ts';
export { EXIT_OF, VERDICT_WORDS } from './outline.ts';
export { renderGateReasons } from './reason-table.ts';
export { renderGateText } from './text.ts';
