import { nameCharacter, revealHidden } from './hidden.ts';

/**
 * Text from outside for one line of a terminal: no byte of it moves the cursor, changes colours, sets a title, writes
 * the clipboard, or starts a new line. Controls and hidden characters are shown by their code, `<U+001B>`.
 */
export function escapeTerminal(text: string): string {
  return revealHidden(text).replace(/[\n\t]/g, nameCharacter);
}
