import { revealHidden } from '../../text/index.ts';

/** One line of a file as columns of a terminal, and which of them are marked. */
export interface LineView {
  readonly text: string;
  /** Columns, zero-based, half-open. */
  readonly from: number;
  readonly to: number;
}

const TAB = '    ';
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const CLINGING = /\p{M}/u;

/** How many columns a terminal needs: two for East Asian wide characters, none for combining ones. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/**
 * A line with everything hidden made visible and blanks for tabs, cut to `room` columns around the mark. `from` and
 * `to` are UTF-16 offsets in the line.
 */
export function viewLine(line: string, from: number, to: number, room: number): LineView {
  const lead = show(line.slice(0, from));
  const marked = show(line.slice(from, to));
  const rest = show(line.slice(to));
  const before = cutLeft(lead, Math.max(Math.floor(room / 3), room - widthOf(marked) - 4));
  const start = widthOf(before);
  const shown = cutRight(marked, room - start);
  const end = start + Math.max(1, widthOf(shown));
  return { text: `${before}${shown}${cutRight(rest, room - end)}`.trimEnd(), from: start, to: end };
}

/** At most `room` columns from the left, with an ellipsis where something is left out. */
export function cutRight(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > room - 1) break;
    kept += character;
  }
  return room > 0 ? `${kept}…` : '';
}

function cutLeft(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  const kept: string[] = [];
  let width = 1;
  for (const character of [...text].reverse()) {
    width += widthOfCharacter(character);
    if (width > room) break;
    kept.push(character);
  }
  return `…${kept.reverse().join('')}`;
}

function widthOfCharacter(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (CLINGING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

function show(text: string): string {
  return revealHidden(text).replaceAll('\t', TAB).replaceAll('\n', ' ');
}
