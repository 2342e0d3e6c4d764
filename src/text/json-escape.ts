import { CI_MARK } from './ci-command.ts';
import { HIDDEN } from './hidden.ts';

/**
 * A JSON text for people and programs that show it in a job log: hidden characters and the marks of CI commands are
 * written as `\u` escapes. What a parser reads is unchanged.
 */
export function escapeJson(text: string): string {
  return text.replace(HIDDEN, escapeUnits).replace(CI_MARK, '\\u0023');
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
