import { cutRight, widthOf } from './line-view.ts';

/** Breaks a text at blanks into lines of at most `room` columns; a longer word is cut. */
export function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= room) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = cutRight(word, Math.max(room, 200));
    }
  }
  return line === '' ? lines : [...lines, line];
}
