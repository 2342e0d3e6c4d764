/** Text from outside: known secrets, hidden characters, safe output. */
export { escapeCiCommand } from './ci-command.ts';
export { revealHidden } from './hidden.ts';
export type { HiddenClass } from './hidden-class.ts';
export { findHiddenText, type HiddenRun } from './hidden-text.ts';
export { findHomoglyphs, findMixedWords, type Homoglyph, type MixedWord } from './homoglyph.ts';
export { findImperative, type Imperative } from './imperative.ts';
export { IMPERATIVES, type ImperativeRow } from './imperative-patterns.ts';
export { findKeyShape, KEY_SHAPES, type KeyShape, MAX_KEY_FILE } from './key-shapes.ts';
export { differenceOf, type LineChange } from './line-difference.ts';
export { findInventedKeys, findLiteralKeys, isPlaceholder, type LiteralKey, showKey } from './literal-keys.ts';
export type { MarkdownChannel, MarkdownHidden } from './markdown-channel.ts';
export { findMarkdownCode } from './markdown-code.ts';
export { findMarkdownComments } from './markdown-hidden.ts';
export { escapeHtml, escapeMarkdown } from './markup.ts';
export {
  createOutputBudget,
  createOutputFilter,
  type OutputBudget,
  type OutputFilter,
  type OutputFilterOptions,
} from './output-filter.ts';
export { rememberTexts } from './remembered-texts.ts';
export { createRoom, sizeOf } from './room.ts';
export type { KnownSecret, RedactingStream, SecretHit, SecretSentinel } from './secret.ts';
export { createSentinel } from './sentinel.ts';
export { escapeTerminal } from './terminal.ts';
export { truncateMiddle } from './truncation.ts';
