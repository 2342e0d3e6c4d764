import { revealHidden } from './hidden.ts';

/**
 * Text from outside for one line of a terminal: no byte of it moves the cursor, changes colours, sets a title, writes
 * the clipboard, or starts a new line. C0 controls become their pictures (`␛`), hidden characters their code.
 */
export function escapeTerminal(text: string): string {
  return revealHidden(showControls(text)).replaceAll('\n', '␊').replaceAll('\t', '␉');
}

/** C0 controls and DEL, save line feed and tab, as the pictures of the Unicode block "Control Pictures". */
export function showControls(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, (control) =>
    String.fromCharCode(control === '\x7f' ? 0x2421 : 0x2400 + control.charCodeAt(0)),
  );
}
