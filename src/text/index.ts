/** Text from outside: known secrets, hidden characters, safe output. */
export { escapeCiCommand } from './ci-command.ts';
export { revealHidden } from './hidden.ts';
export { escapeHtml, escapeMarkdown } from './markup.ts';
export {
  createOutputBudget,
  createOutputFilter,
  type OutputBudget,
  type OutputFilter,
  type OutputFilterOptions,
} from './output-filter.ts';
export type { KnownSecret, RedactingStream, SecretHit, SecretSentinel } from './secret.ts';
export { createSentinel } from './sentinel.ts';
export { escapeTerminal } from './terminal.ts';
export { truncateMiddle } from './truncation.ts';
