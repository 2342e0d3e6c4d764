export { reportGate } from './findings.ts';
export { renderGateHtml } from './html.ts';
export { renderGateJson } from './json.ts';
export { locateEvidence } from './located.ts';
export { renderGateMarkdown } from './markdown.ts';
export { EXIT_OF, VERDICT_WORDS } from './outline.ts';
export { renderGateReasons } from './reason-table.ts';
export { remarksOf } from './remarks.ts';
export { renderGateText } from './text.ts';
