import { escapeCiCommand } from './ci-command.ts';
import { nameCharacter, revealHidden } from './hidden.ts';

/**
 * Text from outside for one line of a terminal or of a job log: no byte of it moves the cursor, changes colours, sets a
 * title, writes the clipboard, starts a new line, or is a command of a CI system, some of which are looked for anywhere
 * in a line. Controls and hidden characters are shown by their code, `<U+001B>`.
 */
export function escapeTerminal(text: string): string {
  return escapeCiCommand(revealHidden(text)).replace(/[\n\t]/g, nameCharacter);
}
